#pragma once

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// What each thing costs the gateway as the number of patients grows: sign-ins, joins and leaves,
/// broadcasts, idle sessions in memory, ledger and audit log on disk.
void run_scaling(const settings& how, report& out);

}  // namespace wardline::bench
