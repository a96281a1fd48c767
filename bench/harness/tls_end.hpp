#pragma once

#include <memory>
#include <string>

#include "bench/handshake/certificates.hpp"
#include "common/util/bytes.hpp"
#include "common/util/error.hpp"

struct ssl_ctx_st;
struct ssl_st;

namespace wardline::bench {

/// What the ends of many TLS 1.3 connections have in common.
class tls_context {
 public:
  /// Of clients that believe this certificate and no other.
  static tls_context client(const certificate& trusted);
  static tls_context server(const certificate& own);

 private:
  struct deleter {
    void operator()(ssl_ctx_st* context) const noexcept;
  };
  friend class tls_end;

  tls_context();

  std::unique_ptr<ssl_ctx_st, deleter> context_;
};

/// One end of a TLS 1.3 connection (OpenSSL over memory): bytes in, bytes out, no socket. While
/// idle it keeps no buffers, so that many fit.
class tls_end {
 public:
  explicit tls_end(const tls_context& context);

  /// Takes what arrived and puts what it opens behind `opened`. `authentication_failed`: the
  /// handshake failed (`reason` says why); `connection_lost`: the other end closed or broke it.
  result<void> take(byte_view arrived, bytes& opened);

  /// Seals; before the handshake is over it waits for that. Empty: begins the client's handshake.
  result<void> send(byte_view plain);

  /// What is to go to the other end now.
  bytes take_output();

  bool is_established() const noexcept;
  const std::string& reason() const noexcept { return reason_; }

 private:
  struct deleter {
    void operator()(ssl_st* end) const noexcept;
  };
  result<void> advance();
  result<void> seal(byte_view plain);
  errc note_reason(errc what);

  std::unique_ptr<ssl_st, deleter> end_;
  bytes waiting_;  // until the handshake is over
  std::string reason_;
};

}  // namespace wardline::bench
