#pragma once

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// One message of 256 B to N connected receivers, ours beside the others.
void run_fanout(const settings& how, report& out);

}  // namespace wardline::bench
