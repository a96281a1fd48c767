#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/util/bytes.hpp"
#include "common/util/clock.hpp"
#include "protocol/message/disconnect.hpp"

namespace wardline::test {

/// One end of a TCP connection on loopback that does what the test says and nothing of its own
/// accord. Blocking; every wait is bounded by process::patience, and one that is over fails the
/// test.
class raw_peer {
 public:
  struct way {
    std::uint16_t port;                ///< at 127.0.0.1
    std::string source = "127.0.0.1";  ///< any address of 127.0.0.0/8 is this machine's
    int receive_buffer = 0;            ///< SO_RCVBUF in bytes; 0: the system's own
  };

  explicit raw_peer(const way& to);
  raw_peer(raw_peer&& other) noexcept;
  raw_peer& operator=(raw_peer&& other) noexcept;
  ~raw_peer() { close(); }

  /// What the other end no longer takes is dropped: that it has closed shows in reading.
  void send(byte_view data);

  /// The next whole frame; nothing once the other end has closed.
  std::optional<bytes> next_frame();

  /// The frames that still came before the other end closed.
  std::vector<bytes> read_to_end();

  /// True while the other end has not closed, as far as it is known here. Does not wait.
  bool is_open() const;

  /// Waits for the other end to close, so long at most; what it says meanwhile is dropped.
  bool closes_within(milliseconds time);

  void close() noexcept;

 private:
  friend class raw_listener;
  raw_peer() = default;

  bool read_more();

  int socket_ = -1;
  bytes unread_;
};

/// A socket that listens at a port of the kernel's choice.
class raw_listener {
 public:
  raw_listener();
  raw_listener(const raw_listener&) = delete;
  raw_listener& operator=(const raw_listener&) = delete;
  ~raw_listener();

  std::uint16_t port() const noexcept { return port_; }

  /// Awaits the next connection.
  raw_peer accept();

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

/// What an unprotected DISCONNECT says; fails the test if `whole` is none.
protocol::disconnect read_disconnect(const std::optional<bytes>& whole);

}  // namespace wardline::test
