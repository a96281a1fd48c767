#pragma once

#include <chrono>
#include <cstddef>

#include "bench/handshake/sign_in.hpp"

namespace wardline::bench {

/// Drives `count` sign-ins beside each other, turn by turn, so that the clock is looked at once a
/// turn and not once a sign-in. Returns the CPU time of the doctor's side of all of them. Throws
/// `failure` unless every one was established.
std::chrono::nanoseconds sign_in_in_step(sign_in_method& method, std::size_t count);

/// A single one, by which a test sees whether the two ends agree.
inline void sign_in_once(sign_in_method& method) { sign_in_in_step(method, 1); }

}  // namespace wardline::bench
