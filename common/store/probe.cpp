#include "common/store/probe.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "common/store/posix.hpp"

namespace wardline::store {

std::string why_not_writable(const std::filesystem::path& directory) {
  const posix::descriptor file{::open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600)};
  // Some file systems have no such files, and can be asked no other way that leaves nothing.
  if (!file) return errno == EOPNOTSUPP ? std::string() : std::strerror(errno);
  constexpr std::array<byte, 16'384> some{};
  try {
    posix::write_all(file.get(), some, directory);
  } catch (const failure& f) {
    return f.what();
  }
  return {};
}

}  // namespace wardline::store
