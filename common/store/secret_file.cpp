#include "common/store/secret_file.hpp"

#include <cerrno>
#include <string>
#include <unistd.h>

#include "common/store/file.hpp"
#include "common/store/posix.hpp"

namespace wardline::store::secret_file {

std::optional<content> load(const std::filesystem::path& file) {
  const auto found = read_private_file(file, size + 1);
  if (!found) return std::nullopt;
  if (found->size() != size) {
    throw failure(file.string() + " is damaged: it must be exactly 32 bytes",
                  "Restore it from a backup. Without it what it protects cannot be read.");
  }
  return content(found->view().first<size>());
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
