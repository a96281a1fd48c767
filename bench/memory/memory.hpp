#pragma once

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// What an idle session costs the gateway in resident memory.
void run_memory(const settings& how, report& out);

}  // namespace wardline::bench
