#pragma once

#include <string_view>

namespace wardline::test {

/// Prints "count: LINE", and appends LINE to the file that WARDLINE_COUNTS names, if it does:
/// scripts/test.sh shows all of them at its end.
void count(std::string_view line);

}  // namespace wardline::test
