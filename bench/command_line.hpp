#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "bench/settings.hpp"

namespace wardline::bench {

/// What one run is to do, as the command line says it.
struct request {
  std::string subcommand;  ///< the name of one measurement, or "all"
  settings how;
  std::optional<std::filesystem::path> json;
  std::optional<std::filesystem::path> csv;
  std::optional<std::filesystem::path> plots;  ///< a folder
  std::string command;                         ///< the whole line, for the report
};

/// Fills `out`. Nothing if the program is to go on, else its exit status. Throws
/// `cli::usage_error` for values that make no sense.
std::optional<int> parse_command_line(int argc, const char* const* argv, request& out);

}  // namespace wardline::bench
