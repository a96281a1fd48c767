#include "bench/harness/socket_crowd.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

constexpr std::size_t read_size = std::size_t{64} << 10U;

[[noreturn]] void fail(const std::string& what) {
  const int error = errno;
  throw failure(what + ": " + std::strerror(error),  // NOLINT(concurrency-mt-unsafe)
                error == EMFILE ? "raise the limit of open files (ulimit -n)" : "");
}

sockaddr_in address_of(std::uint32_t host, std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = htonl(host);
  out.sin_port = htons(port);
  return out;
}

}  // namespace

socket_crowd::socket_crowd(on_bytes received, on_close closed)
    : received_(std::move(received)),
      closed_(std::move(closed)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      buffer_(read_size) {
  if (epoll_ < 0) fail("no epoll descriptor");
}

socket_crowd::~socket_crowd() {
  for (const auto& c : connections_) {
    if (c.fd >= 0) ::close(c.fd);
  }
  ::close(epoll_);
}

socket_crowd::index socket_crowd::connect(std::uint16_t port, std::uint32_t source_address) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) fail("no socket");
  const index who = connections_.size();
  connections_.push_back({fd, {}, true, true});
  ++open_;
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // The port is chosen when it connects, so that each source address has all of them.
  ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  const auto from = address_of(source_address, 0);
  const auto to = address_of(INADDR_LOOPBACK, port);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) fail("bind");
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
      errno != EINPROGRESS) {
    fail("connect");
  }
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT;
  event.data.u64 = who;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll_ctl");
  return who;
}

bool socket_crowd::is_open(index who) const noexcept { return connections_[who].fd >= 0; }

void socket_crowd::send(index who, byte_view data) {
  auto& c = connections_[who];
  if (c.fd < 0) return;
  append(c.unsent, data);
  if (!c.wants_write) flush(who);
}

void socket_crowd::close(index who) {
  auto& c = connections_[who];
  if (c.fd < 0) return;
  ::close(c.fd);
  c = {};
  --open_;
}

void socket_crowd::end(index who) {
  close(who);
  closed_(who);
}

void socket_crowd::watch(index who) {
  const auto& c = connections_[who];
  epoll_event event{};
  event.events = (c.reads ? EPOLLIN : 0U) | (c.wants_write ? EPOLLOUT : 0U);
  event.data.u64 = who;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, c.fd, &event);
}

void socket_crowd::stop_reading(index who) {
  auto& c = connections_[who];
  if (c.fd < 0) return;
  c.reads = false;
  watch(who);
}

void socket_crowd::flush(index who) {
  auto& c = connections_[who];
  std::size_t sent = 0;
  while (sent < c.unsent.size()) {
    const auto n = ::send(c.fd, c.unsent.data() + sent, c.unsent.size() - sent, MSG_NOSIGNAL);
    if (n < 0) break;  // full: EPOLLOUT will say when; broken: EPOLLERR will
    sent += static_cast<std::size_t>(n);
  }
  if (sent == c.unsent.size()) {
    bytes().swap(c.unsent);
  } else {
    c.unsent.erase(c.unsent.begin(), c.unsent.begin() + static_cast<std::ptrdiff_t>(sent));
  }
  if (c.wants_write == !c.unsent.empty()) return;
  c.wants_write = !c.unsent.empty();
  watch(who);
}

void socket_crowd::read(index who) {
  const auto got = ::recv(connections_[who].fd, buffer_.data(), buffer_.size(), 0);
  if (got > 0) {
    received_(who, byte_view(buffer_).first(static_cast<std::size_t>(got)));
  } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
    end(who);
  }
}

bool socket_crowd::turn(std::chrono::milliseconds at_most) {
  std::array<epoll_event, 512> ready{};
  const int count =
      ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()),
                   static_cast<int>(std::clamp<std::int64_t>(at_most.count(), 0, 1000)));
  if (count < 0 && errno != EINTR) fail("epoll_wait");
  for (int i = 0; i < count; ++i) {
    const auto& event = ready[static_cast<std::size_t>(i)];
    const auto who = static_cast<index>(event.data.u64);
    const bool is_over = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    if ((is_over || (event.events & EPOLLIN) != 0) && is_open(who)) read(who);
    if ((event.events & EPOLLOUT) != 0 && is_open(who)) flush(who);
  }
  return count > 0;
}

bool socket_crowd::run(const std::function<bool()>& done, std::chrono::milliseconds patience) {
  const auto give_up = std::chrono::steady_clock::now() + patience;
  while (!done()) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(give_up - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    turn(left);
  }
  return true;
}

}  // namespace wardline::bench
