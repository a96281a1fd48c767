#pragma once

#include <string>
#include <utility>
#include <vector>

namespace wardline::bench {

/// What the figures were measured on and with, by name, in the order to be shown: date, version and
/// commit, CPU, processors, memory, kernel, compiler, flags, library versions.
using environment = std::vector<std::pair<std::string, std::string>>;

environment describe_environment();

}  // namespace wardline::bench
