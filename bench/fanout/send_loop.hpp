#pragma once

#include <sys/types.h>
#include <vector>

#include "bench/fanout/contestant.hpp"
#include "bench/harness/socket_crowd.hpp"

namespace wardline::bench {

/// The floor: a process that does nothing but write the same bytes to each connection, one blocking
/// `send` after the other, and receivers that do nothing but count them.
class send_loop final : public contestant {
 public:
  /// `overhead`: bytes that are sent beside the text, so that its frame is as long as ours.
  explicit send_loop(std::size_t overhead);
  send_loop(const send_loop&) = delete;
  send_loop& operator=(const send_loop&) = delete;
  ~send_loop() override;

  std::string name() const override { return "bare send loop"; }
  void connect(std::size_t n) override;
  delivery broadcast(byte_view text) override;

 private:
  void start_server(std::size_t n);
  void await_server();

  std::size_t overhead_;
  pid_t server_ = -1;
  int orders_ = -1;  // one byte count for each message to be sent
  int answers_ = -1;
  std::uint16_t port_ = 0;
  std::vector<std::size_t> received_;  // bytes of the present message, by connection
  std::size_t expected_ = 0;
  std::size_t complete_ = 0;
  std::size_t lost_ = 0;
  std::chrono::steady_clock::time_point last_{};
  socket_crowd sockets_;
};

}  // namespace wardline::bench
