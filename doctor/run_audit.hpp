#pragma once

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// `doctor audit`: the exit status, which is `cli::failed` for a log that does not verify.
int run_audit(const command_line& line, const clock& time, crypto::random_source& random);

}  // namespace wardline::doctor
