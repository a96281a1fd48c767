#include "tests/system/adversary/wire.hpp"

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

#include "tests/support/process.hpp"

namespace wardline::test::adversary {
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
  return s;
}

void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void await(int socket, short what, const std::string& complaint) {
  pollfd p{socket, what, 0};
  const auto most = std::chrono::duration_cast<std::chrono::milliseconds>(process::patience);
  int n = 0;
  do {
    n = ::poll(&p, 1, static_cast<int>(most.count()));
  } while (n < 0 && errno == EINTR);
  if (n <= 0) throw std::runtime_error(complaint);
}

}  // namespace

octets make_header(frame_kind kind, std::uint8_t flags, std::size_t body_size,
                   std::uint8_t version) {
  return u32(body_size + 4) + u8(version) + u8(kind.opcode) + u8(kind.kind) + u8(flags);
}

octets make_frame(frame_kind kind, std::uint8_t flags, const octets& body) {
  return make_header(kind, flags, body.size()) + body;
}

octets disconnect_body(reason why, std::uint32_t retry_after_s) {
  return u16(static_cast<std::uint16_t>(why)) + u32(retry_after_s) + opaque8({});
}

reason reason_in(const octets& plaintext) {
  fields f(plaintext);
  const auto why = static_cast<reason>(f.number(2));
  f.number(4);
  f.opaque8();
  if (!f.at_end()) throw std::runtime_error("a DISCONNECT with something behind it");
  return why;
}

line::line(std::uint16_t port, const std::string& source) : socket_(make_socket()) {
  send_at_once(socket_);
  const auto here = loopback(source, 0);
  if (::bind(socket_, generic(here), sizeof here) != 0) fail("bind to " + source);
  const auto there = loopback("127.0.0.1", port);
  if (::connect(socket_, generic(there), sizeof there) != 0) fail("connect");
}

line::line(line&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), unread_(std::move(other.unread_)) {}

line& line::operator=(line&& other) noexcept {
  close();
  socket_ = std::exchange(other.socket_, -1);
  unread_ = std::move(other.unread_);
  return *this;
}

void line::send(const octets& data) {
  std::size_t sent = 0;
  while (sent < data.size()) {
    await(socket_, POLLOUT, "the other end does not read");
    const auto n =
        ::send(socket_, data.data() + sent, data.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n <= 0) return;
    sent += static_cast<std::size_t>(n);
  }
}

std::optional<arrived> line::next() {
  for (;;) {
    if (unread_.size() >= 4) {
      const auto size = static_cast<std::size_t>(fields(unread_).number(4)) + 4;
      if (size < 8 || size > 70'000) throw std::runtime_error("what came is no frame");
      if (unread_.size() >= size) {
        arrived out{first(unread_, size)};
        unread_ = from(unread_, size);
        return out;
      }
    }
    await(socket_, POLLIN, "the other end says nothing and does not close");
    std::array<std::uint8_t, 65'536> chunk{};
    const auto n = ::recv(socket_, chunk.data(), chunk.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return std::nullopt;
    unread_.insert(unread_.end(), chunk.begin(), chunk.begin() + n);
  }
}

void line::finish_sending() { ::shutdown(socket_, SHUT_WR); }
void line::shut() { ::shutdown(socket_, SHUT_RDWR); }

void line::close() noexcept {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

listener::listener() : socket_(make_socket()) {
  auto at = loopback("127.0.0.1", 0);
  if (::bind(socket_, generic(at), sizeof at) != 0) fail("bind");
  if (::listen(socket_, SOMAXCONN) != 0) fail("listen");
  socklen_t size = sizeof at;
  ::getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size);
  port_ = ntohs(at.sin_port);
}

void listener::shut() { ::shutdown(socket_, SHUT_RDWR); }

listener::~listener() { ::close(socket_); }

line listener::accept() {
  await(socket_, POLLIN, "nobody connects");
  const int s = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
  if (s < 0) fail("accept");
  send_at_once(s);
  return line(s);
}

}  // namespace wardline::test::adversary
