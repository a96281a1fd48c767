#pragma once

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include "common/util/bytes.hpp"
#include "tests/support/temporary_directory.hpp"

/// Files that a target reads back; in memory where the system has such a place, for nothing of
/// theirs has to last.
namespace wardline::fuzz {

/// A directory of this process, gone with it.
inline const std::filesystem::path& scratch() {
  static const bool is_in_memory = [] {
    const bool there = ::access("/dev/shm", W_OK) == 0;
    if (there) ::setenv("TMPDIR", "/dev/shm", 1);
    return there;
  }();
  (void)is_in_memory;
  static const test::temporary_directory directory;
  return directory.path();
}

/// With mode 0600.
inline void write_file(const std::filesystem::path& file, byte_view content) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(as_text(content).data(), static_cast<std::streamsize>(content.size()));
  out.close();
  ::chmod(file.c_str(), 0600);
}

}  // namespace wardline::fuzz
