#include "common/store/file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include "common/store/posix.hpp"

namespace wardline::store {
namespace {

posix::descriptor open_to_overwrite(const std::filesystem::path& file) {
  posix::descriptor fd{::open(file.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (fd) posix::require_private_file(fd.get(), file);
  return fd;
}

void overwrite(const posix::descriptor& fd, const std::filesystem::path& file) {
  struct stat about {};
  if (::fstat(fd.get(), &about) != 0) posix::raise(errno, "cannot examine", file);
  posix::write_all(fd.get(), bytes(static_cast<std::size_t>(about.st_size)), file);
  posix::sync(fd.get(), file);
}

template <class Judge>
std::optional<secret_bytes> read_if(const std::filesystem::path& file, std::size_t most,
                                    int more_flags, Judge judge) {
  // O_NONBLOCK: a FIFO in its place must not hold us up.
  const posix::descriptor fd{::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | more_flags)};
  if (!fd) {
    if (errno == ENOENT) return std::nullopt;
    posix::raise(errno, "cannot open", file);
  }
  judge(fd.get(), file);
  secret_bytes buffer(most + 1);  // one byte more tells a file that is too long
  std::size_t have = 0;
  while (have < buffer.size()) {
    const ssize_t n = ::read(fd.get(), buffer.writable().data() + have, buffer.size() - have);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) posix::raise(errno, "cannot read", file);
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  if (have > most) {
    throw failure(file.string() + " has more than " + std::to_string(most) + " bytes",
                  "Is it the right file?");
  }
  return secret_bytes(buffer.view().first(have));
}

}  // namespace

void replace_file(const std::filesystem::path& file, byte_view content) {
  const posix::temporary_file written(file);  // mkstemp makes it 0600
  posix::write_all(written.get(), content, file);
  posix::sync(written.get(), file);
  if (std::rename(written.name().c_str(), file.c_str()) != 0) {
    posix::raise(errno, "cannot replace", file);
  }
  posix::sync_directory(posix::directory_of(file));
}

void remove_file(const std::filesystem::path& file) {
  if (::unlink(file.c_str()) != 0) {
    if (errno == ENOENT) return;
    posix::raise(errno, "cannot remove", file);
  }
  posix::sync_directory(posix::directory_of(file));
}

void replace_secret_file(const std::filesystem::path& file, byte_view content) {
  const auto old = open_to_overwrite(file);
  replace_file(file, content);
  if (old) overwrite(old, file);
}

void erase_file(const std::filesystem::path& file) {
  if (const auto old = open_to_overwrite(file)) overwrite(old, file);
  remove_file(file);
}

std::optional<secret_bytes> read_private_file(const std::filesystem::path& file, std::size_t most) {
  return read_if(file, most, O_NOFOLLOW, posix::require_private_file);
}

std::optional<std::string> read_trusted_file(const std::filesystem::path& file, std::size_t most) {
  const auto content = read_if(file, most, 0, posix::require_trusted_file);
  if (!content) return std::nullopt;
  const auto view = content->view();
  return std::string(view.begin(), view.end());
}

std::optional<secret_bytes> read_credential(const std::filesystem::path& file, std::size_t most) {
  return read_if(file, most, O_NOFOLLOW, [](int fd, const std::filesystem::path& of) {
    posix::require_trusted_file(fd, of);
    posix::require_unreadable_by_others(fd, of);
  });
}

}  // namespace wardline::store
