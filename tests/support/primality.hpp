#pragma once

#include "common/util/bytes.hpp"

namespace wardline::test {

/// True if the big-endian integer `n` is prime, but for a probability of 2^-48. Below 2^32 by
/// trial division, above by the test of Miller and Rabin with 24 bases drawn afresh, for there are
/// composites that pass it for any bases that are known beforehand. Not constant-time.
bool is_probable_prime(byte_view n);

}  // namespace wardline::test
