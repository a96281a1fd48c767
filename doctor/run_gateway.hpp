#pragma once

#include <functional>

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// Runs the gateway with its control socket and either the menu or a line of JSON for each event,
/// until it is stopped. Returns the exit status; throws `failure` if it cannot begin.
///
/// `again` is the command line with what the configuration file and the environment say by then; it
/// may throw `failure`. Without the menu SIGHUP asks for it.
int run_gateway(const command_line& line, const std::function<command_line()>& again,
                const clock& time, crypto::random_source& random);

}  // namespace wardline::doctor
