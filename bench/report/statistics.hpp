#pragma once

#include <cstddef>
#include <vector>

namespace wardline::bench {

/// What is shown of a set of measurements.
struct summary {
  double median = 0;
  double p10 = 0;
  double p90 = 0;
  std::size_t n = 0;
};

/// The quantiles interpolate between neighbours (Hyndman and Fan 1996, definition 7). Must not be
/// empty.
summary summarise(std::vector<double> samples);

/// a[i] / b[i], the i-th being measured beside each other; as many as the shorter one has.
std::vector<double> paired_ratios(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace wardline::bench
