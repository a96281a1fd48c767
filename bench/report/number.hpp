#pragma once

#include <cstddef>
#include <string>

namespace wardline::bench {

/// Three significant digits, and no more zeros than needed to read it: "0.0123", "4.56", "12,300".
std::string number_text(double x);

/// "10,000"
std::string count_text(std::size_t x);

}  // namespace wardline::bench
