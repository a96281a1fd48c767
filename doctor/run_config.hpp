#pragma once

#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// `doctor config check` and `show`. The exit status: 1 if anything is wrong with the file. Throws
/// `failure`.
int run_config(const command_line& line);

}  // namespace wardline::doctor
