#include "bench/report/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace wardline::bench {

summary summarise(std::vector<double> samples) {
  if (samples.empty()) throw std::logic_error("a summary of nothing");
  std::sort(samples.begin(), samples.end());
  const auto quantile = [&](double p) {
    const double at = p * static_cast<double>(samples.size() - 1);
    const auto below = static_cast<std::size_t>(at);
    const auto above = std::min(below + 1, samples.size() - 1);
    return std::lerp(samples[below], samples[above], at - static_cast<double>(below));
  };
  return {quantile(0.5), quantile(0.1), quantile(0.9), samples.size()};
}

std::vector<double> paired_ratios(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> out(std::min(a.size(), b.size()));
  std::transform(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(out.size()), b.begin(),
                 out.begin(), [](double x, double y) { return x / y; });
  return out;
}

}  // namespace wardline::bench
