#include "bench/harness/free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

class plain_socket {
 public:
  plain_socket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (fd_ < 0) throw failure("no socket is to be had", "raise the limit of open files");
  }
  plain_socket(const plain_socket&) = delete;
  plain_socket& operator=(const plain_socket&) = delete;
  ~plain_socket() { ::close(fd_); }

  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  out.sin_port = htons(port);
  return out;
}

}  // namespace

std::uint16_t free_port() {
  const plain_socket probe;
  auto address = loopback(0);
  socklen_t size = sizeof address;
  if (::bind(probe.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      ::getsockname(probe.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw failure("no port of 127.0.0.1 is to be had");
  }
  return ntohs(address.sin_port);
}

bool is_listening(std::uint16_t port) {
  const plain_socket probe;
  const auto address = loopback(port);
  return ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace wardline::bench
