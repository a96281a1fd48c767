#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "bench/fanout/contestant.hpp"
#include "bench/harness/socket_crowd.hpp"

namespace wardline::bench {

/// The floor: a process that does nothing but write the same bytes to each connection, one blocking
/// `send` after the other, and receivers that do nothing but count them. With two writers there are
/// two such processes, each with half of the connections: what a second I/O thread could give.
class send_loop final : public contestant {
 public:
  /// `overhead`: bytes that are sent beside the text, so that its frame is as long as ours.
  explicit send_loop(std::size_t overhead, std::size_t writers = 1);
  send_loop(const send_loop&) = delete;
  send_loop& operator=(const send_loop&) = delete;
  ~send_loop() override;

  std::string name() const override;
  void connect(std::size_t n) override;
  delivery broadcast(byte_view text) override;

 private:
  struct writer {
    pid_t pid;
    int orders;   // one byte count for each message to be sent
    int answers;  // a byte when all are connected, and when a message is sent
  };
  void start_writer(int listener, std::size_t n);
  void await_writers();
  double used_us() const;

  std::size_t overhead_;
  std::size_t wanted_;
  std::vector<writer> writers_;
  std::vector<std::size_t> received_;  // bytes of the present message, by connection
  std::size_t expected_ = 0;
  std::size_t complete_ = 0;
  std::size_t lost_ = 0;
  std::chrono::steady_clock::time_point last_{};
  socket_crowd sockets_;
};

}  // namespace wardline::bench
