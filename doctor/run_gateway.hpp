#pragma once

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// Runs the gateway with its control socket and either the menu or a line of JSON for each event,
/// until it is stopped. Returns the exit status; throws `failure` if it cannot begin.
int run_gateway(const command_line& line, const clock& time, crypto::random_source& random);

}  // namespace wardline::doctor
