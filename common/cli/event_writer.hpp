#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/cli/line_writer.hpp"

namespace wardline::cli {

/// One JSON value as one line of text, its members in the order given; bytes that are not UTF-8
/// appear as U+FFFD.
std::string json_line(const nlohmann::ordered_json& value);

/// Events for programs: one JSON object a line on standard output. Thread-safe; see `line_writer`
/// for a reader that is slow or gone.
class event_writer {
 public:
  explicit event_writer(int descriptor = 1) : out_(descriptor) {}

  void write(const nlohmann::ordered_json& event) { out_.write(json_line(event)); }

  /// What `json_line` made of several.
  void write_lines(const std::vector<std::string>& lines) {
    out_.write_all(std::vector<std::string_view>(lines.begin(), lines.end()));
  }

 private:
  line_writer out_;
};

}  // namespace wardline::cli
