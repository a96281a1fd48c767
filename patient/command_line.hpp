#pragma once

#include <variant>

#include "patient/config.hpp"

namespace wardline::patient {

/// What the command line asks for, or the exit status if there is nothing to do (any more): 0 after
/// --help and --version, 2 after a mistake, which has been reported on standard error. Throws
/// `cli::usage_error` for what only shows when the options are seen together.
std::variant<config, int> parse_command_line(int argc, const char* const* argv);

}  // namespace wardline::patient
