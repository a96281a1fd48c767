#pragma once

#include <memory>
#include <string>

#include "common/util/bytes.hpp"

namespace wardline::bench::primitives {

/// Diffie-Hellman as a program has it through EVP. The keys are read once, at construction.
class openssl_dh {
 public:
  /// In a group of RFC 7919: our exponent, and our own and the peer's public value, big-endian.
  openssl_dh(const std::string& group, byte_view x, byte_view own, byte_view peer);

  /// X25519, with fresh keys.
  openssl_dh();

  ~openssl_dh();
  openssl_dh(const openssl_dh&) = delete;
  openssl_dh& operator=(const openssl_dh&) = delete;

  /// The shared value, as long as p.
  bytes derive();

  /// What EVP checks of the peer's public value.
  bool peer_is_valid();

  /// Whether the peer finds the same (X25519: its private key is here as well).
  bool peer_derives(byte_view shared);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace wardline::bench::primitives
