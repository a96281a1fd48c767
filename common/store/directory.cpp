#include "common/store/directory.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "common/store/posix.hpp"

namespace wardline::store {

void private_directory(const std::filesystem::path& directory) {
  if (directory.empty()) throw failure("the name of the data directory is empty");
  std::filesystem::path made;
  for (const auto& part : directory) {
    made /= part;
    if (part.empty() || ::mkdir(made.c_str(), 0700) == 0 || errno == EEXIST) continue;
    // A parent that exists may be one in which we could not make it (EROFS, EACCES).
    const int error = errno;
    struct stat about {};
    if (::stat(made.c_str(), &about) != 0) posix::raise(error, "cannot make the directory", made);
  }

  const posix::descriptor fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd) posix::raise(errno, "cannot open the directory", directory);
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0) posix::raise(errno, "cannot examine", directory);
  if (about.st_uid != ::geteuid()) {
    throw failure("the directory " + directory.string() + " belongs to another user",
                  "Run as the user who owns it, or choose another one with --data-dir.");
  }
  if ((about.st_mode & 077U) != 0) {
    throw failure("the directory " + directory.string() + " is open to other users",
                  "If nobody else has used it, close it: chmod 700 " + directory.string());
  }
}

scratch_directory::scratch_directory(const std::filesystem::path& beside) {
  auto name = beside.string() + ".XXXXXX";
  if (::mkdtemp(name.data()) == nullptr)
    posix::raise(errno, "cannot make a directory beside", beside);
  path_ = name;
}

scratch_directory::~scratch_directory() {
  std::error_code ignored;
  if (!kept_) std::filesystem::remove_all(path_, ignored);
}

void scratch_directory::become(const std::filesystem::path& directory) {
  posix::sync_directory(path_);
  if (std::rename(path_.c_str(), directory.c_str()) != 0) {
    posix::raise(errno, "cannot make", directory);
  }
  kept_ = true;
  posix::sync_directory(posix::directory_of(directory));
}

directory_lock::directory_lock(const std::filesystem::path& directory, std::string_view program) {
  const auto file = directory / "lock";
  posix::descriptor fd{::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
  if (!fd) posix::raise(errno, "cannot open", file);
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) posix::raise(errno, "cannot lock", file);
    throw error(error_kind::busy,
                "another " + std::string(program) + " is running on the data directory " +
                    directory.string(),
                "Stop it first, or choose another directory with --data-dir.");
  }
  file_ = fd.release();
}

directory_lock::directory_lock(directory_lock&& other) noexcept
    : file_(std::exchange(other.file_, -1)) {}

directory_lock& directory_lock::operator=(directory_lock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

directory_lock::~directory_lock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace wardline::store
