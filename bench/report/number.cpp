#include "bench/report/number.hpp"

#include <cmath>

#include <fmt/format.h>

namespace wardline::bench {

std::string count_text(std::size_t x) {
  auto out = std::to_string(x);
  for (auto at = static_cast<std::ptrdiff_t>(out.size()) - 3; at > 0; at -= 3)
    out.insert(static_cast<std::size_t>(at), ",");
  return out;
}

std::string number_text(double x) {
  const double size = std::abs(x);
  if (x >= 999.5 && x < 1e15) {
    const double unit = std::pow(10.0, std::floor(std::log10(x)) - 2);
    return count_text(static_cast<std::size_t>(std::llround(std::round(x / unit) * unit)));
  }
  if (size >= 99.95) return fmt::format("{:.0f}", x);
  if (size >= 9.995) return fmt::format("{:.1f}", x);
  if (size >= 0.9995) return fmt::format("{:.2f}", x);
  return fmt::format("{:.3g}", x);
}

}  // namespace wardline::bench
