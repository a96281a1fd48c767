#include "tests/support/small_disk.hpp"

#include <fcntl.h>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

namespace wardline::test {

small_disk::small_disk(std::size_t size)
    : outside_(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC)) {
  if (outside_ < 0 || ::unshare(CLONE_NEWNS) != 0) return;
  const auto options = "mode=0700,size=" + std::to_string(size);
  is_there_ = ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
              ::mount("none", at_.path().c_str(), "tmpfs", 0, options.c_str()) == 0;
  if (is_there_) ::setenv("TMPDIR", at_.path().c_str(), 1);
}

small_disk::~small_disk() {
  if (is_there_) {
    ::unsetenv("TMPDIR");
    ::umount2(at_.path().c_str(), MNT_DETACH);
  }
  if (outside_ < 0) return;
  [[maybe_unused]] const int back = ::setns(outside_, CLONE_NEWNS);
  ::close(outside_);
}

void small_disk::fill() {
  std::ofstream out(at_.path() / "filler", std::ios::binary | std::ios::app);
  const std::string piece(4'096, 'x');
  while (out.write(piece.data(), static_cast<std::streamsize>(piece.size())) && out.flush()) {
  }
}

void small_disk::clear() { std::filesystem::remove(at_.path() / "filler"); }

void small_disk::make_read_only(bool read_only) {
  unsigned long flags = MS_REMOUNT;
  if (read_only) flags |= MS_RDONLY;
  if (::mount(nullptr, at_.path().c_str(), nullptr, flags, nullptr) != 0)
    throw std::runtime_error("the small disk cannot be mounted again");
}

}  // namespace wardline::test
