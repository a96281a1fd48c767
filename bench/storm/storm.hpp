#pragma once

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// N patients sign in at once over loopback, all with the full handshake, then, the gateway having
/// been started anew, all by their tickets.
void run_storm(const settings& how, report& out);

}  // namespace wardline::bench
