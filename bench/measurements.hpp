#pragma once

#include <string_view>
#include <vector>

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// A subcommand.
struct measurement {
  std::string_view name;
  std::string_view description;
  void (*run)(const settings& how, report& out);
  bool in_all = true;  ///< `all` runs it too
};

/// In the order of `all`.
const std::vector<measurement>& measurements();

}  // namespace wardline::bench
