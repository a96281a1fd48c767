#pragma once

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// The table "primitives": each cryptographic operation of the protocol, beside what Crypto++,
/// OpenSSL and libsodium need for the same, and what a fresh safe-prime group costs. µs of the
/// thread's CPU time (ms for the groups).
void run_primitives(const settings& how, report& out);

}  // namespace wardline::bench
