#pragma once

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// What the ledger (a row on disk for each recipient, the audit log) costs one broadcast to N, and
/// how much that adds to its fan-out.
void run_ledger(const settings& how, report& out);

}  // namespace wardline::bench
