#pragma once

#include "bench/command_line.hpp"

namespace wardline::bench {

/// Measures what is asked for, prints the tables on standard output and writes the files: the exit
/// status. What cannot be measured is a remark; only if nothing was is the status `failed`.
int run(request what);

}  // namespace wardline::bench
