#include "bench/fanout/send_loop.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "bench/harness/process_usage.hpp"
#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::minutes patience{1};
constexpr int backlog = 4096;
constexpr std::size_t receivers_at_one_address = 1000;
constexpr std::uint32_t first_address = 0x7F020001;  // 127.2.0.1

struct pipe_ends {
  int read;
  int write;
};

pipe_ends make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw failure("no pipe is to be had", "raise the limit of open files (ulimit -n)");
  return {ends[0], ends[1]};
}

int listen_on_loopback(std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0 ||
      ::listen(fd, backlog) != 0 || ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size) != 0)
    throw failure("the send loop cannot listen");
  port = ntohs(at.sin_port);
  return fd;
}

bool send_all(int to, const bytes& message) {
  std::size_t sent = 0;
  while (sent < message.size()) {
    const auto n = ::send(to, message.data() + sent, message.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) sent += static_cast<std::size_t>(n);
  }
  return true;
}

// The child: accepts n, says so, then sends as many bytes as it is told to each of them, and says
// when that is done. It ends when the orders do.
[[noreturn]] void serve(int listener, int orders, int answers, std::size_t n) {
  std::vector<int> all;
  const char done = 1;
  for (const int on = 1; all.size() < n;) {
    const int fd = ::accept(listener, nullptr, nullptr);
    if (fd < 0 && errno == EINTR) continue;
    if (fd < 0) ::_exit(1);
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    all.push_back(fd);
  }
  if (::write(answers, &done, 1) != 1) ::_exit(1);
  bytes message;
  for (std::size_t size = 0; ::read(orders, &size, sizeof size) == sizeof size;) {
    message.resize(size, 'x');
    for (const int fd : all) {
      if (!send_all(fd, message)) ::_exit(1);
    }
    if (::write(answers, &done, 1) != 1) break;
  }
  ::_exit(0);
}

// None of the parent's but these: a connection of another contestant would not end with it.
void keep_only(std::array<int, 3> wanted) {
  int first = STDERR_FILENO + 1;
  while (true) {
    int next = -1;
    for (const int fd : wanted) {
      if (fd >= first && (next < 0 || fd < next)) next = fd;
    }
    if (next < 0) break;
    if (next > first)
      ::close_range(static_cast<unsigned>(first), static_cast<unsigned>(next - 1), 0);
    first = next + 1;
  }
  ::close_range(static_cast<unsigned>(first), ~0U, 0);
}

}  // namespace

send_loop::send_loop(std::size_t overhead, std::size_t writers)
    : overhead_(overhead),
      wanted_(writers),
      sockets_(
          [this](std::size_t who, byte_view data) {
            received_[who] += data.size();
            if (received_[who] < expected_) return;
            received_[who] -= expected_;
            ++complete_;
            last_ = steady::now();
          },
          [this](std::size_t) { ++lost_; }) {}

send_loop::~send_loop() {
  for (const auto& w : writers_) {
    ::kill(w.pid, SIGKILL);
    ::waitpid(w.pid, nullptr, 0);
    ::close(w.orders);
    ::close(w.answers);
  }
}

std::string send_loop::name() const {
  return wanted_ == 1 ? "bare send loop" : fmt::format("bare send loop, {} writers", wanted_);
}

void send_loop::start_writer(int listener, std::size_t n) {
  const auto orders = make_pipe();
  const auto answers = make_pipe();
  const pid_t self = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != self) ::_exit(1);
    keep_only({listener, orders.read, answers.write});
    serve(listener, orders.read, answers.write, n);
  }
  ::close(orders.read);
  ::close(answers.write);
  if (pid < 0) {
    ::close(orders.write);
    ::close(answers.read);
    throw failure("the send loop cannot be started: no process is to be had");
  }
  writers_.push_back({pid, orders.write, answers.read});
}

void send_loop::await_writers() {
  for (const auto& w : writers_) {
    pollfd answer{w.answers, POLLIN, 0};
    char said = 0;
    if (::poll(&answer, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) != 1 ||
        ::read(w.answers, &said, 1) != 1)
      throw failure("the send loop ended by itself");
  }
}

double send_loop::used_us() const {
  double all = 0;
  for (const auto& w : writers_) all += cpu_us(w.pid);
  return all;
}

void send_loop::connect(std::size_t n) {
  std::uint16_t port = 0;
  const int listener = listen_on_loopback(port);
  for (std::size_t i = 0; i < wanted_; ++i) start_writer(listener, (n + wanted_ - 1 - i) / wanted_);
  ::close(listener);
  received_.assign(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const auto address = first_address + static_cast<std::uint32_t>(i / receivers_at_one_address);
    sockets_.connect(port, address);
  }
  await_writers();
  // The sockets become writable, which is not to be a part of the first message's time.
  sockets_.turn(std::chrono::milliseconds(100));
}

delivery send_loop::broadcast(byte_view text) {
  expected_ = text.size() + overhead_;
  complete_ = 0;
  const double cpu_before = used_us();
  const auto began = steady::now();
  for (const auto& w : writers_) {
    if (::write(w.orders, &expected_, sizeof expected_) != sizeof expected_)
      throw failure("the send loop ended by itself");
  }
  if (!sockets_.run([&] { return complete_ == received_.size() || lost_ > 0; }, patience) ||
      lost_ > 0)
    throw failure("the send loop lost a connection");
  await_writers();
  return {std::chrono::duration<double, std::milli>(last_ - began).count(), used_us() - cpu_before};
}

}  // namespace wardline::bench
