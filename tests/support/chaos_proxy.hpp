#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <random>
#include <string>
#include <thread>

#include "common/util/bytes.hpp"

namespace wardline::test {

/// A network at its worst: takes TCP connections on loopback and passes what comes to a port of
/// this machine and back; and, until it is told to be honest, delays it, splits it, lets it flow
/// together, cuts connections, closes them one way only, resets them, and flips bits. All at random
/// from one seed.
class chaos_proxy {
 public:
  enum class fault { delay, split, cut, half_close, reset, corrupt };
  static constexpr std::size_t faults = 6;

  /// Told what was passed on, by a thread for each connection and way.
  using tap = std::function<void(unsigned connection, bool to_gateway, byte_view data)>;

  chaos_proxy(std::uint16_t target_port, std::uint64_t seed, tap told = {});
  chaos_proxy(const chaos_proxy&) = delete;
  chaos_proxy& operator=(const chaos_proxy&) = delete;
  ~chaos_proxy();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  /// From now on it passes everything on, as it is. What it half-closed stays so.
  void be_honest() noexcept { is_honest_ = true; }

  unsigned connections() const noexcept { return connections_; }
  unsigned count(fault f) const noexcept { return counts_[static_cast<std::size_t>(f)]; }
  std::string summary() const;

 private:
  struct link;

  void accept();
  void pass(link& l, int from, int to, std::uint64_t seed);
  bool forward(link& l, int to, unsigned char* data, std::size_t size, std::mt19937_64& random);
  void note(fault f) noexcept { ++counts_[static_cast<std::size_t>(f)]; }

  const std::uint16_t target_port_;
  const tap tap_;
  std::mt19937_64 random_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> is_honest_{false};
  std::atomic<bool> is_over_{false};
  std::atomic<unsigned> connections_{0};
  std::array<std::atomic<unsigned>, faults> counts_{};
  std::list<std::unique_ptr<link>> links_;  // of the accepting thread
  std::thread acceptor_;
};

}  // namespace wardline::test
