#include "common/store/new_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <utility>

#include "common/store/posix.hpp"

namespace wardline::store {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file) {
  throw failure(file.string() + " exists already", "Choose another name, or move it away.");
}

bool is_there(const std::filesystem::path& file) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(file, ignored));
}

}  // namespace

new_file::new_file(std::filesystem::path file)
    : file_(std::move(file)), written_(std::make_unique<posix::temporary_file>(file_)) {
  if (is_there(file_)) refuse(file_);
}

new_file::~new_file() = default;

void new_file::write(byte_view content) { posix::write_all(written_->get(), content, file_); }

void new_file::finish() {
  posix::sync(written_->get(), file_);
  const char* from = written_->name().c_str();
  if (::renameat2(AT_FDCWD, from, AT_FDCWD, file_.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) refuse(file_);
    // A file system that cannot do both in one step.
    if (errno != EINVAL && errno != ENOSYS) posix::raise(errno, "cannot make", file_);
    if (is_there(file_)) refuse(file_);
    if (std::rename(from, file_.c_str()) != 0) posix::raise(errno, "cannot make", file_);
  }
  posix::sync_directory(posix::directory_of(file_));
}

}  // namespace wardline::store
