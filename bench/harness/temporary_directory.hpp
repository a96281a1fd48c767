#pragma once

#include <filesystem>
#include <stdlib.h>
#include <string>

#include "common/util/error.hpp"

namespace wardline::bench {

/// A directory of our own, mode 0700, removed with everything in it.
class temporary_directory {
 public:
  temporary_directory() {
    std::string name = (std::filesystem::temp_directory_path() / "wardline-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw failure(
          "no directory can be made in " + std::filesystem::temp_directory_path().string(),
          "set TMPDIR to one that can be written");
    path_ = name;
  }
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;
  ~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace wardline::bench
