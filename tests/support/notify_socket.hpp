#pragma once

#include <cstddef>
#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace wardline::test {

/// What a service manager listens to. `name` is a path, or an abstract name that begins with @.
class notify_socket {
 public:
  explicit notify_socket(std::string name) : name_(std::move(name)) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, name_.data(), name_.size());
    if (name_.front() == '@') at.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (::bind(fd_, reinterpret_cast<const sockaddr*>(&at), size) != 0)
      throw std::runtime_error("no socket " + name_);
  }
  notify_socket(const notify_socket&) = delete;
  notify_socket& operator=(const notify_socket&) = delete;
  ~notify_socket() { ::close(fd_); }

  const std::string& name() const noexcept { return name_; }

  bool has_one() const {
    pollfd at{fd_, POLLIN, 0};
    return ::poll(&at, 1, 0) == 1;
  }

  /// The next datagram; "nothing" if none comes for a minute.
  std::string next() const {
    pollfd at{fd_, POLLIN, 0};
    if (::poll(&at, 1, 60'000) != 1) return "nothing";
    char text[1024];
    const auto size = ::recv(fd_, text, sizeof text, 0);
    return {text, size < 0 ? 0 : static_cast<std::size_t>(size)};
  }

  /// The next one that begins so.
  std::string await(const std::string& beginning) const {
    for (;;) {
      auto one = next();
      if (one.rfind(beginning, 0) == 0 || one == "nothing") return one;
    }
  }

 private:
  std::string name_;
  int fd_ = -1;
};

}  // namespace wardline::test
