#pragma once

#include "tests/timing/operations.hpp"

namespace wardline::test {

/// What must never be done with a secret: the control of the test. Whoever watches must find all.
std::vector<operation> leaks();

}  // namespace wardline::test
