#pragma once

#include <filesystem>
#include <string_view>

namespace wardline::store {

/// Makes `directory` and what is missing above it, each with mode 0700. Throws `failure` with words
/// if it cannot be made, is not a directory, belongs to somebody else, or if group or others have
/// any access to it.
void private_directory(const std::filesystem::path& directory);

/// A new directory beside `beside` (its name and six characters more), mode 0700, which is removed
/// with all that is in it when this is destroyed.
class scratch_directory {
 public:
  explicit scratch_directory(const std::filesystem::path& beside);
  scratch_directory(const scratch_directory&) = delete;
  scratch_directory& operator=(const scratch_directory&) = delete;
  ~scratch_directory();

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Gives it the name `directory`, where there is nothing or an empty directory; last when this
  /// returns. Throws `store::error`; then nothing has happened.
  void become(const std::filesystem::path& directory);

 private:
  std::filesystem::path path_;
  bool kept_ = false;
};

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
