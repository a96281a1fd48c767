#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "common/crypto/sha256.hpp"
#include "common/util/clock.hpp"

/// A backup in one file:
///
///     "WLBACKUP" | u8 version = 1 | u64 made, Unix milliseconds | u8 n | n entries
///     | SHA-256 of everything before it
///     entry = u8 m | name[m] | u64 length | bytes[length]
///
/// The hash finds damage. It does not prove who made the file: whoever can write it can write
/// another one.
namespace wardline::doctor::archive {

/// The only names that there are. Each may be there once.
inline constexpr std::string_view names[] = {"identity.json", "identity.seed", "store.key",
                                             "keys.sealed",   "listen",        "doctor.db"};

struct entry {
  std::string name;
  std::filesystem::path file;  ///< its content
};

struct summary {
  unix_ms made = 0;
  std::vector<std::string> names;
  std::uint64_t size = 0;  ///< bytes of the archive
  crypto::digest hash{};   ///< the one at its end
};

/// Makes `file`, mode 0600, whole or not at all. Throws `failure`, also if there is such a file.
summary write(const std::filesystem::path& file, unix_ms made, std::span<const entry> entries);

/// Unpacks `file` into `directory`, which is ours and empty; each file there has mode 0600. Nothing
/// is written before the hash has been found right, and no length is believed that the file does
/// not have. Throws `failure` with words.
summary unpack(const std::filesystem::path& file, const std::filesystem::path& directory);

}  // namespace wardline::doctor::archive
