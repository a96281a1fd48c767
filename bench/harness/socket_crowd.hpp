#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "common/util/bytes.hpp"

namespace wardline::bench {

/// Many TCP connections to one port of this machine, in one epoll loop: bytes in, bytes out. What
/// every simulated patient, and every receiver of another system, is built on.
class socket_crowd {
 public:
  using index = std::size_t;
  using on_bytes = std::function<void(index, byte_view)>;
  using on_close = std::function<void(index)>;

  /// `received` is given what arrives as it arrives; `closed` when the other end, or an error, has
  /// ended a connection. Both run inside `run`, and may call `send` and `close`.
  socket_crowd(on_bytes received, on_close closed);
  ~socket_crowd();
  socket_crowd(const socket_crowd&) = delete;
  socket_crowd& operator=(const socket_crowd&) = delete;

  /// Connects one more (without waiting for it) from `source_address` (127.0.0.0/8, host order)
  /// to 127.0.0.1:port; its number counts up from 0. Throws `failure` if no socket is to be had.
  index connect(std::uint16_t port, std::uint32_t source_address = 0x7F000001);

  /// Now as much as the kernel takes, the rest from `run`.
  void send(index who, byte_view data);

  void close(index who);

  /// What comes for `who` stays unread from now on, until its buffers are full.
  void stop_reading(index who);

  bool is_open(index who) const noexcept;
  std::size_t open_count() const noexcept { return open_; }

  /// One turn of the loop: handles what is ready, waiting for it at most so long. False if nothing
  /// was.
  bool turn(std::chrono::milliseconds at_most);

  /// Works until `done` holds (asked after each turn of the loop), or `patience` is over: false.
  bool run(const std::function<bool()>& done, std::chrono::milliseconds patience);

 private:
  struct connection {
    int fd = -1;
    bytes unsent;
    bool wants_write = false;
    bool reads = true;
  };
  void watch(index who);
  void flush(index who);
  void read(index who);
  void end(index who);

  on_bytes received_;
  on_close closed_;
  int epoll_ = -1;
  std::vector<connection> connections_;
  std::size_t open_ = 0;
  bytes buffer_;
};

}  // namespace wardline::bench
