#pragma once

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// Patients who come, go, write and are told something, minute after minute, and what the gateway
/// then holds. Prints a line for each minute. Throws `failure` if a message is not accounted for, a
/// descriptor is left over, or memory has grown.
void run_soak(const settings& how, report& out);

}  // namespace wardline::bench
