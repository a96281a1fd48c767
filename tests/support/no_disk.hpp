#pragma once

#include <stdexcept>
#include <sys/resource.h>
#include <sys/types.h>

namespace wardline::test {

/// As long as this lives, another process cannot write to any file: each write fails with EFBIG, as
/// it would with ENOSPC on a disk that is full to the last byte. Pipes and sockets work.
class no_disk {
 public:
  explicit no_disk(pid_t of) : of_(of) {
    if (::prlimit(of_, RLIMIT_FSIZE, nullptr, &before_) != 0)
      throw std::runtime_error("the limits of the process cannot be read");
    const rlimit nothing{0, before_.rlim_max};
    set(nothing);
  }
  no_disk(const no_disk&) = delete;
  no_disk& operator=(const no_disk&) = delete;
  ~no_disk() { ::prlimit(of_, RLIMIT_FSIZE, &before_, nullptr); }

 private:
  void set(const rlimit& to) const {
    if (::prlimit(of_, RLIMIT_FSIZE, &to, nullptr) != 0)
      throw std::runtime_error("the limits of the process cannot be set");
  }

  pid_t of_;
  rlimit before_{};
};

}  // namespace wardline::test
