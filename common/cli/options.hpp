#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "common/util/clock.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace wardline::cli {

/// --version, answered with "PROGRAM VERSION (COMMIT)", and, which help does not show, --generate
/// man|bash|zsh|fish: the manual page or a shell's completions, for those who make packages.
void add_version(CLI::App& app, std::string_view program);

/// --json
CLI::Option* add_json(CLI::App& app, bool& json);

/// --data-dir DIR, made absolute.
CLI::Option* add_data_directory(CLI::App& app, std::optional<std::filesystem::path>& directory);

/// An option that takes a duration (`parse_duration`) within `least` .. `most`.
CLI::Option* add_duration(CLI::App& app, const std::string& name, seconds& value, seconds least,
                          seconds most, const std::string& description);

/// Parses. Nothing if the program is to go on; otherwise its exit status: `done` after --help or
/// --version, `wrong_usage` after a mistake, which is reported on standard error.
std::optional<int> parse(CLI::App& app, int argc, const char* const* argv,
                         std::string_view program);

}  // namespace wardline::cli
