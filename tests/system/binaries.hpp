#pragma once

#include <string>

namespace wardline::test {

/// The programs that were built beside the tests, unless scripts/mutate.sh has altered others.
std::string doctor_binary();
std::string patient_binary();

}  // namespace wardline::test
