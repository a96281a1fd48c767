#pragma once

#include <cstdint>
#include <filesystem>

namespace wardline::bench {

/// Bytes on disk of a gateway that is down.
struct disk_use {
  double ledger = 0;  ///< pages of the tables of messages and deliveries, and of their indexes
  double audit = 0;   ///< pages of the audit log and its checkpoints, and the mirror beside it
};
disk_use disk_of(const std::filesystem::path& data_directory);

}  // namespace wardline::bench
