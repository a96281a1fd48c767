#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/harness/socket_crowd.hpp"
#include "bench/harness/tls_end.hpp"

namespace wardline::bench {

/// A crowd of sockets of which each can turn to TLS: right after `connect`, or, where the protocol
/// has it so, after some words in the clear.
class tls_crowd {
 public:
  using index = socket_crowd::index;

  /// As those of `socket_crowd`; `received` is given what was opened. A broken handshake ends a
  /// connection too.
  tls_crowd(socket_crowd::on_bytes received, socket_crowd::on_close closed);

  index connect(std::uint16_t port);

  /// From here on both ways are encrypted. What is sent before the handshake is over waits for it.
  /// `context` must outlive the crowd.
  void secure(index who, const tls_context& context);

  void send(index who, byte_view data);

  void close(index who);
  bool is_open(index who) const noexcept { return sockets_.is_open(who); }

  /// As that of `socket_crowd`.
  bool run(const std::function<bool()>& done, std::chrono::milliseconds patience) {
    return sockets_.run(done, patience);
  }

  /// Why TLS ended a connection last; empty: it never did.
  const std::string& trouble() const noexcept { return trouble_; }

 private:
  void take(index who, byte_view arrived);
  bool pass_on(index who, const result<void>& outcome);

  socket_crowd::on_bytes received_;
  socket_crowd::on_close closed_;
  std::vector<std::unique_ptr<tls_end>> ends_;  // none: in the clear
  bytes opened_;
  std::string trouble_;
  socket_crowd sockets_;
};

}  // namespace wardline::bench
