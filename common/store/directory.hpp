#pragma once

#include <filesystem>
#include <string_view>

namespace wardline::store {

/// Makes `directory` and what is missing above it, each with mode 0700. Throws `failure` with words
/// if it cannot be made, is not a directory, belongs to somebody else, or if group or others have
/// any access to it.
void private_directory(const std::filesystem::path& directory);

/// Holds `directory`/lock as long as it lives, so that two processes never use one data directory.
/// The lock goes with the process, however it ends.
class directory_lock {
 public:
  /// Throws `store::error` of kind `busy` ("another doctor is running on the data directory ...")
  /// if the lock is taken; `program` is what to call the other one.
  directory_lock(const std::filesystem::path& directory, std::string_view program);
  directory_lock(directory_lock&& other) noexcept;
  directory_lock& operator=(directory_lock&& other) noexcept;
  ~directory_lock();

 private:
  int file_;
};

}  // namespace wardline::store
