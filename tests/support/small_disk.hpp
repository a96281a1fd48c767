#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include "tests/support/temporary_directory.hpp"

namespace wardline::test {

/// A file system in memory of so many bytes, in which every temporary_directory lies that is made
/// while this lives, for this thread and the programs that it starts. Only root may have one, and
/// not in every container: see `is_there`.
class small_disk {
 public:
  explicit small_disk(std::size_t size);
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  ~small_disk();

  bool is_there() const noexcept { return is_there_; }

  /// Takes all space that is left, and gives it back.
  void fill();
  void clear();

  void make_read_only(bool read_only);

 private:
  temporary_directory at_;
  int outside_ = -1;  // the mounts of everybody else
  bool is_there_ = false;
};

}  // namespace wardline::test
