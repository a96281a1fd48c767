#include "tests/support/raw_peer.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "protocol/wire/frame.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace wardline::test {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

sockaddr_in loopback(const std::string& host, std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  if (::inet_pton(AF_INET, host.c_str(), &out.sin_addr) != 1) fail("no address: " + host);
  return out;
}

const sockaddr* generic(const sockaddr_in& a) { return reinterpret_cast<const sockaddr*>(&a); }

int make_socket() {
  const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (s < 0) fail("socket");
  const int on = 1;
  ::setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return s;
}

// False if the time is over.
bool await(int socket, short what, milliseconds time = process::patience) {
  pollfd p{socket, what, 0};
  int n = 0;
  do {
    n = ::poll(&p, 1, static_cast<int>(time.count()));
  } while (n < 0 && errno == EINTR);
  return n > 0;
}

}  // namespace

raw_peer::raw_peer(const way& to) : socket_(make_socket()) {
  if (to.receive_buffer > 0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &to.receive_buffer, sizeof to.receive_buffer);
  }
  const auto from = loopback(to.source, 0);
  if (::bind(socket_, generic(from), sizeof from) != 0) fail("bind to " + to.source);
  const auto there = loopback("127.0.0.1", to.port);
  if (::connect(socket_, generic(there), sizeof there) != 0) fail("connect");
}

raw_peer::raw_peer(raw_peer&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)) {}

raw_peer& raw_peer::operator=(raw_peer&& other) noexcept {
  close();
  socket_ = std::exchange(other.socket_, -1);
  unread_ = std::move(other.unread_);
  return *this;
}

void raw_peer::send(byte_view data) {
  while (!data.empty()) {
    if (!await(socket_, POLLOUT)) FAIL("the other end does not read");
    const auto n = ::send(socket_, data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n <= 0) return;
    data = data.subspan(static_cast<std::size_t>(n));
  }
}

// False at the end.
bool raw_peer::read_more() {
  if (!await(socket_, POLLIN)) FAIL("the other end says nothing and does not close");
  std::array<byte, 65'536> chunk{};
  const auto n = ::recv(socket_, chunk.data(), chunk.size(), 0);
  if (n < 0 && errno == EINTR) return true;
  if (n <= 0) return false;
  append(unread_, byte_view(chunk).first(static_cast<std::size_t>(n)));
  return true;
}

std::optional<bytes> raw_peer::next_frame() {
  for (;;) {
    const auto size = protocol::frame_size(unread_, protocol::session_frame_limit);
    if (!size) FAIL("what came is no frame");
    if (*size && unread_.size() >= **size) {
      const auto end = unread_.begin() + static_cast<std::ptrdiff_t>(**size);
      bytes frame(unread_.begin(), end);
      unread_.erase(unread_.begin(), end);
      return frame;
    }
    if (!read_more()) return std::nullopt;
  }
}

std::vector<bytes> raw_peer::read_to_end() {
  std::vector<bytes> out;
  while (auto frame = next_frame()) out.push_back(std::move(*frame));
  return out;
}

bool raw_peer::is_open() const {
  byte next = 0;
  const auto n = ::recv(socket_, &next, 1, MSG_PEEK | MSG_DONTWAIT);
  return n > 0 || (n < 0 && errno == EAGAIN);
}

bool raw_peer::closes_within(milliseconds time) {
  while (await(socket_, POLLIN, time)) {
    if (!read_more()) return true;
  }
  return false;
}

void raw_peer::close() noexcept {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

raw_listener::raw_listener() : socket_(make_socket()) {
  auto at = loopback("127.0.0.1", 0);
  if (::bind(socket_, generic(at), sizeof at) != 0) fail("bind");
  if (::listen(socket_, SOMAXCONN) != 0) fail("listen");
  socklen_t size = sizeof at;
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
  port_ = ntohs(at.sin_port);
}

raw_listener::~raw_listener() { ::close(socket_); }

raw_peer raw_listener::accept() {
  if (!await(socket_, POLLIN)) FAIL("nobody connects");
  raw_peer out;
  out.socket_ = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  if (out.socket_ < 0) fail("accept");
  const int on = 1;
  ::setsockopt(out.socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return out;
}

protocol::disconnect read_disconnect(const std::optional<bytes>& whole) {
  if (!whole) FAIL("closed without a word");
  const auto f = protocol::decode_frame(*whole, protocol::session_frame_limit);
  REQUIRE(f.has_value());
  REQUIRE(f->type == protocol::frame_type::disconnect);
  REQUIRE_FALSE(f->is_protected);
  auto notice = protocol::decode<protocol::disconnect>(f->body());
  REQUIRE(notice.has_value());
  return std::move(*notice);
}

}  // namespace wardline::test
