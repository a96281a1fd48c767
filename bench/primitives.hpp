#pragma once

#include <optional>

#include "common/crypto/suite.hpp"

namespace wardline::bench {

struct primitives_options {
  std::optional<crypto::group_id> group;  ///< nothing: all four
  bool quick = false;
};

/// Measures the cryptographic operations, one after the other, and prints a table on standard
/// output: medians, with the spread, of the thread's CPU time.
void run_primitives(const primitives_options& options);

}  // namespace wardline::bench
