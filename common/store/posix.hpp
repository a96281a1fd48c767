// What the files of this folder share; of no use outside it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "common/store/error.hpp"
#include "common/util/bytes.hpp"

namespace wardline::store::posix {

/// An open file, closed when destroyed.
class descriptor {
 public:
  explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor();

  int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

/// Which kind of trouble an errno is.
error_kind kind_of(int error) noexcept;

/// "WHAT FILE: No space left on device", with a hint that fits.
[[noreturn]] void raise(int error, std::string_view what, const std::filesystem::path& file);

/// Throws unless `fd` is a plain file of ours to which group and others have no access.
void require_private_file(int fd, const std::filesystem::path& file);

/// Throws unless `fd` is a plain file, ours or root's, that nobody else may write to.
void require_trusted_file(int fd, const std::filesystem::path& file);

/// Throws if everybody may read `fd`.
void require_unreadable_by_others(int fd, const std::filesystem::path& file);

void write_all(int fd, byte_view content, const std::filesystem::path& file);
void sync(int fd, const std::filesystem::path& file);

/// Makes a rename, link or removal in `directory` last.
void sync_directory(const std::filesystem::path& directory);

/// The directory that `file` is in.
std::filesystem::path directory_of(const std::filesystem::path& file);

/// A new file beside `file`, mode 0600, whose name is removed when this is destroyed.
class temporary_file {
 public:
  explicit temporary_file(const std::filesystem::path& beside);
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;
  ~temporary_file();

  int get() const noexcept { return file_.get(); }
  const std::string& name() const noexcept { return name_; }

 private:
  std::string name_;
  descriptor file_;
};

}  // namespace wardline::store::posix
