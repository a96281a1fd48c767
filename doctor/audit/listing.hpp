#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "doctor/audit/record.hpp"

namespace wardline::doctor::audit {

using text_sink = std::function<void(std::string_view)>;

/// Records as text, one after the other, so that none but a few are in memory at once. Nothing of
/// what they hold can do anything to the terminal that shows them.
class listing {
 public:
  virtual ~listing() = default;
  virtual void add(const record& r) = 0;
  /// Nothing follows.
  virtual void end() = 0;
};

/// Tables for a person, a few hundred lines each, at most `width` columns wide (0: as wide as they
/// come); local times.
std::unique_ptr<listing> text_listing(text_sink out, std::size_t width);

/// One JSON array of what `to_json` makes of each, a record a line; all of it ASCII.
std::unique_ptr<listing> json_listing(text_sink out);

/// RFC 4180 with a line of names; UTC. A cell that a spreadsheet would take for a formula (= + - @)
/// has an apostrophe before it.
std::unique_ptr<listing> csv_listing(text_sink out);

}  // namespace wardline::doctor::audit
