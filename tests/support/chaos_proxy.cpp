#include "tests/support/chaos_proxy.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace wardline::test {
namespace {

using std::chrono::milliseconds;

constexpr int look_up_ms = 20;  // how soon it is seen that all is over

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

void be_prompt(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int connect_to(std::uint16_t port) {
  const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto at = loopback(port);
  if (s >= 0 && ::connect(s, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) {
    be_prompt(s);
    return s;
  }
  if (s >= 0) ::close(s);
  return -1;
}

/// True with a chance of `n` in a thousand.
bool chance(std::mt19937_64& random, unsigned n) { return random() % 1000 < n; }

}  // namespace

/// One connection at each side, and a thread for each way. The sockets are closed once both have
/// ended, so that no number is another's meanwhile.
struct chaos_proxy::link {
  link(int the_patient, int the_gateway, unsigned the_number)
      : patient(the_patient), gateway(the_gateway), number(the_number) {}
  ~link() {
    up.join();
    down.join();
    ::close(patient);
    ::close(gateway);
  }
  void cut() {
    is_cut = true;
    ::shutdown(patient, SHUT_RDWR);
    ::shutdown(gateway, SHUT_RDWR);
  }
  /// Closing them says RST then.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(patient, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::setsockopt(gateway, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    is_cut = true;
  }

  const int patient;
  const int gateway;
  const unsigned number;
  std::atomic<bool> is_cut{false};
  std::atomic<int> ended{0};
  std::thread up;
  std::thread down;
};

chaos_proxy::chaos_proxy(std::uint16_t target_port, std::uint64_t seed, tap told)
    : target_port_(target_port), tap_(std::move(told)), random_(seed) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto at = loopback(0);
  socklen_t size = sizeof at;
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) != 0 ||
      ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
    throw std::runtime_error("the chaos proxy cannot listen");
  }
  port_ = ntohs(at.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

chaos_proxy::~chaos_proxy() {
  is_over_ = true;
  acceptor_.join();
  ::close(listener_);
}

void chaos_proxy::accept() {
  while (!is_over_) {
    links_.remove_if([](const auto& l) { return l->ended == 2; });
    pollfd ready{listener_, POLLIN, 0};
    if (::poll(&ready, 1, look_up_ms) <= 0) continue;
    const int patient = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (patient < 0) continue;
    be_prompt(patient);
    const int gateway = connect_to(target_port_);
    if (gateway < 0) {
      ::close(patient);
      continue;
    }
    const unsigned number = connections_++;
    auto& l = *links_.emplace_back(std::make_unique<link>(patient, gateway, number));
    l.up = std::thread([this, &l, s = random_()] { pass(l, l.patient, l.gateway, s); });
    l.down = std::thread([this, &l, s = random_()] { pass(l, l.gateway, l.patient, s); });
  }
  for (auto& l : links_) l->cut();
  links_.clear();
}

void chaos_proxy::pass(link& l, int from, int to, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::array<unsigned char, 16'384> data{};
  while (!l.is_cut) {
    pollfd ready{from, POLLIN, 0};
    if (::poll(&ready, 1, look_up_ms) == 0) continue;
    // Sometimes less than there is: what belongs together comes apart.
    const std::size_t most = is_honest_ || random() % 2 == 0 ? data.size() : 1 + random() % 64;
    const auto n = ::recv(from, data.data(), most, 0);
    if (n < 0) {
      l.cut();
      break;
    }
    if (n == 0) {
      ::shutdown(to, SHUT_WR);
      break;
    }
    const auto size = static_cast<std::size_t>(n);
    // Before it is passed on: nobody can answer what is not in the record yet.
    if (tap_) tap_(l.number, to == l.gateway, {data.data(), size});
    if (!forward(l, to, data.data(), size, random)) break;
  }
  ++l.ended;
}

/// False: nothing more goes this way.
bool chaos_proxy::forward(link& l, int to, unsigned char* data, std::size_t size,
                          std::mt19937_64& random) {
  std::size_t piece = size;
  if (!is_honest_) {
    if (chance(random, 100)) {  // and what comes meanwhile flows together
      note(fault::delay);
      std::this_thread::sleep_for(milliseconds(random() % 200));
    }
    if (chance(random, 100)) {
      note(fault::split);
      piece = 1 + random() % 16;
    }
    if (chance(random, 8)) {
      note(fault::corrupt);
      data[random() % size] ^= static_cast<unsigned char>(1U << random() % 8);
    }
    if (chance(random, 5)) {
      note(fault::cut);
      l.cut();
      return false;
    }
    if (chance(random, 5)) {
      note(fault::reset);
      l.reset();
      return false;
    }
    if (chance(random, 3)) {  // the other way goes on
      note(fault::half_close);
      ::shutdown(to, SHUT_WR);
      return false;
    }
  }
  for (std::size_t at = 0; at < size && !l.is_cut;) {
    // A reader that takes nothing does not hold the end up.
    pollfd ready{to, POLLOUT, 0};
    if (::poll(&ready, 1, look_up_ms) == 0) continue;
    const auto n = ::send(to, data + at, std::min(piece, size - at), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) {
      l.cut();
      return false;
    }
    at += static_cast<std::size_t>(n);
    if (piece < size) std::this_thread::sleep_for(milliseconds(1));
  }
  return true;
}

std::string chaos_proxy::summary() const {
  static constexpr std::array<const char*, faults> names{"delays",      "splits", "cuts",
                                                         "half-closes", "resets", "corruptions"};
  std::string out = std::to_string(connections_) + " connections";
  for (std::size_t i = 0; i < faults; ++i) {
    out += std::string(", ") + names[i] + " " + std::to_string(counts_[i]);
  }
  return out;
}

}  // namespace wardline::test
