#pragma once

#include <string>

#include "tests/support/catch.hpp"

namespace wardline::test {

/// Runs the rest of the test case once for the default group and once for ristretto255.
inline std::string any_group() {
  const auto group = GENERATE(as<std::string>{}, "ffdhe3072", "ristretto255");
  UNSCOPED_INFO("group " << group);
  return group;
}

}  // namespace wardline::test
