#pragma once

#include <filesystem>

#include "bench/report/report.hpp"

namespace wardline::bench {

/// Whether gnuplot is installed.
bool can_plot();

/// Draws into `folder`, as PNG and SVG, beside the gnuplot script that made them:
/// TABLE-WHAT[-GROUP] for what was measured at two sizes or more (cost against size, one line for
/// each contestant, p10 to p90 as bars), and TABLE-ratios[-GROUP]. Throws `failure` if gnuplot
/// fails.
void draw_plots(const report& r, const std::filesystem::path& folder);

}  // namespace wardline::bench
