#include "common/store/file.hpp"

#include <cerrno>
#include <cstdio>

#include "common/store/posix.hpp"

namespace wardline::store {

void replace_file(const std::filesystem::path& file, byte_view content) {
  const posix::temporary_file written(file);  // mkstemp makes it 0600
  posix::write_all(written.get(), content, file);
  posix::sync(written.get(), file);
  if (std::rename(written.name().c_str(), file.c_str()) != 0) {
    posix::raise(errno, "cannot replace", file);
  }
  posix::sync_directory(posix::directory_of(file));
}

}  // namespace wardline::store
