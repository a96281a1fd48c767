#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/crypto/suite.hpp"

namespace wardline::bench {

/// What every subcommand is told.
struct settings {
  std::optional<crypto::group_id> group;  ///< nothing: all, or ristretto255 where one is enough
  bool quick = false;                     ///< fewer repetitions, shorter ones
  /// Instead of the sizes that a subcommand has by itself (patients; for tests: tiny ones).
  std::vector<std::size_t> patients;
  /// Instead of the number of repetitions that a subcommand has by itself.
  std::optional<std::size_t> repetitions;
  std::string doctor;  ///< the gateway's program
  /// Shows a person what is going on: one short line, replaced by the next.
  std::function<void(const std::string&)> progress = [](const std::string&) {};
};

}  // namespace wardline::bench
