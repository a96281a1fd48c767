#pragma once

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "common/util/error.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// One command of the operator's: asks the running gateway, or does it here if there is none and it
/// can be done without. Prints the result and returns the exit status; throws `failure`.
int run_command(const command_line& line, const clock& time, crypto::random_source& random);

/// {"error":"...","hint":"..."} on standard output: what --json makes of a failure.
void print_error_json(const failure& why);

}  // namespace wardline::doctor
