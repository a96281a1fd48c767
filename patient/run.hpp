#pragma once

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"

namespace wardline::patient {

/// The program `patient`: parses, runs, returns the exit status (0 done, 1 failed, 2 wrong usage).
int run(int argc, const char* const* argv, const clock& time, crypto::random_source& random);

}  // namespace wardline::patient
