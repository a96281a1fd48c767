#include "common/store/posix.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace wardline::store::posix {

descriptor::~descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

error_kind kind_of(int error) noexcept {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return error_kind::full;
    case EROFS:
    case EACCES:
    case EPERM:
      return error_kind::read_only;
    default:
      return error_kind::other;
  }
}

void raise(int error, std::string_view what, const std::filesystem::path& file) {
  const error_kind kind = kind_of(error);
  std::string hint;
  if (kind == error_kind::full) hint = "Free some space on its file system and try again.";
  if (kind == error_kind::read_only) {
    hint = "Check who owns the directory " + directory_of(file).string() +
           " and whether it can be written.";
  }
  if (error == ENOTDIR) {
    hint =
        "A part of that name is a file. For a data directory, choose another one with --data-dir.";
  }
  throw store::error(
      kind, std::string(what) + " " + file.string() + ": " + std::generic_category().message(error),
      std::move(hint));
}

void require_private_file(int fd, const std::filesystem::path& file) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) raise(errno, "cannot examine", file);
  if (!S_ISREG(about.st_mode)) throw failure(file.string() + " is not a plain file");
  if (about.st_uid != ::geteuid()) {
    throw failure(file.string() + " belongs to another user",
                  "Run as the user who owns it, or choose another data directory.");
  }
  if ((about.st_mode & 077U) != 0) {
    throw failure(file.string() + " is open to other users",
                  "If nobody else has read it, close it: chmod 600 " + file.string());
  }
}

void require_trusted_file(int fd, const std::filesystem::path& file) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) raise(errno, "cannot examine", file);
  if (!S_ISREG(about.st_mode)) throw failure(file.string() + " is not a plain file");
  if (about.st_uid != ::geteuid() && about.st_uid != 0) {
    throw failure(file.string() + " belongs to another user",
                  "It must belong to root or to the user who runs this.");
  }
  if ((about.st_mode & 022U) != 0) {
    throw failure(file.string() + " can be changed by other users",
                  "If nobody else has changed it: chmod go-w " + file.string());
  }
}

void require_unreadable_by_others(int fd, const std::filesystem::path& file) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) raise(errno, "cannot examine", file);
  if ((about.st_mode & 007U) != 0) {
    throw failure(file.string() + " is open to other users",
                  "If nobody else has read it, close it: chmod o= " + file.string());
  }
}

void write_all(int fd, byte_view content, const std::filesystem::path& file) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) raise(errno, "cannot write", file);
    content = content.subspan(static_cast<std::size_t>(n));
  }
}

void sync(int fd, const std::filesystem::path& file) {
  if (::fsync(fd) != 0) raise(errno, "cannot write", file);
}

std::filesystem::path directory_of(const std::filesystem::path& file) {
  const auto directory = file.parent_path();
  return directory.empty() ? std::filesystem::path(".") : directory;
}

void sync_directory(const std::filesystem::path& directory) {
  const descriptor fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd) raise(errno, "cannot open", directory);
  // Some file systems cannot sync a directory and say EINVAL; they need no help from us.
  if (::fsync(fd.get()) != 0 && errno != EINVAL) raise(errno, "cannot write", directory);
}

temporary_file::temporary_file(const std::filesystem::path& beside)
    : name_(beside.string() + ".XXXXXX"), file_(::mkostemp(name_.data(), O_CLOEXEC)) {
  if (!file_) raise(errno, "cannot make a file beside", beside);
}

temporary_file::~temporary_file() { ::unlink(name_.c_str()); }

}  // namespace wardline::store::posix
