#include "common/store/secret_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include "common/store/posix.hpp"

namespace wardline::store::secret_file {
namespace {

content read_content(int fd, const std::filesystem::path& file) {
  // One byte more than there should be tells a file that is too long.
  secret<size + 1> buffer;
  std::size_t have = 0;
  while (have < buffer.size) {
    const ssize_t n = ::read(fd, buffer.writable().data() + have, buffer.size - have);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) posix::raise(errno, "cannot read", file);
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  if (have != size) {
    throw failure(file.string() + " is damaged: it must be exactly 32 bytes",
                  "Restore it from a backup. Without it what it protects cannot be read.");
  }
  return content(buffer.view().first<size>());
}

}  // namespace

std::optional<content> load(const std::filesystem::path& file) {
  // O_NONBLOCK: a FIFO in its place must not hold us up.
  const posix::descriptor fd{::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
  if (!fd) {
    if (errno == ENOENT) return std::nullopt;
    posix::raise(errno, "cannot open", file);
  }
  posix::require_private_file(fd.get(), file);
  return read_content(fd.get(), file);
}

content load_or_create(const std::filesystem::path& file,
                       const std::function<void(byte_span)>& random) {
  if (auto existing = load(file)) return std::move(*existing);

  content fresh;
  random(fresh.writable());
  {
    const posix::temporary_file written(file);
    posix::write_all(written.get(), fresh.view(), file);
    posix::sync(written.get(), file);
    // link(), unlike rename(), never replaces a file that somebody else has made meanwhile.
    if (::link(written.name().c_str(), file.c_str()) != 0) {
      if (errno != EEXIST) posix::raise(errno, "cannot make", file);
      if (auto theirs = load(file)) return std::move(*theirs);
      posix::raise(ENOENT, "cannot open", file);
    }
  }
  posix::sync_directory(posix::directory_of(file));
  return fresh;
}

}  // namespace wardline::store::secret_file
