#pragma once

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// Does `line.local` and prints what came of it; the exit status. Throws `failure`.
int run_local(const command_line& line, const clock& time, crypto::random_source& random);

}  // namespace wardline::doctor
