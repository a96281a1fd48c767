#pragma once

#include "common/util/bytes.hpp"
#include "common/util/error.hpp"
#include "common/util/secret.hpp"

namespace wardline::crypto {

/// AES-256-GCM (NIST SP 800-38D) under one key. It keeps the 32 bytes of the key and no more: a
/// cipher that stays keyed is 5.5 KiB with Crypto++, which an idle session should not cost, and
/// keying takes a third of a microsecond.
class aes256_gcm {
 public:
  static constexpr std::size_t key_size = 32;
  static constexpr std::size_t nonce_size = 12;
  static constexpr std::size_t tag_size = 16;
  using nonce = byte_array<nonce_size>;

  explicit aes256_gcm(const secret<key_size>& key) : key_(key.clone()) {}

  /// Appends ciphertext and tag (plaintext.size() + 16 bytes) to `out`. A nonce must never serve
  /// twice under one key.
  void seal(const nonce& n, byte_view aad, byte_view plaintext, bytes& out) const;

  /// The plaintext, or errc::invalid_tag (also for fewer than 16 bytes); nothing of a forged
  /// plaintext leaves this function.
  result<secret_bytes> open(const nonce& n, byte_view aad, byte_view sealed) const;

 private:
  secret<key_size> key_;
};

}  // namespace wardline::crypto
