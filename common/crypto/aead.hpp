#pragma once

#include <memory>

#include "common/util/bytes.hpp"
#include "common/util/error.hpp"
#include "common/util/secret.hpp"

namespace wardline::crypto {

/// AES-256-GCM (NIST SP 800-38D) under one key, kept keyed between messages. Not thread-safe.
class aes256_gcm {
 public:
  static constexpr std::size_t key_size = 32;
  static constexpr std::size_t nonce_size = 12;
  static constexpr std::size_t tag_size = 16;
  using nonce = byte_array<nonce_size>;

  explicit aes256_gcm(const secret<key_size>& key);
  aes256_gcm(aes256_gcm&&) noexcept;
  aes256_gcm& operator=(aes256_gcm&&) noexcept;
  aes256_gcm(const aes256_gcm&) = delete;
  aes256_gcm& operator=(const aes256_gcm&) = delete;
  ~aes256_gcm();

  /// Appends ciphertext and tag (plaintext.size() + 16 bytes) to `out`. A nonce must never serve
  /// twice under one key.
  void seal(const nonce& n, byte_view aad, byte_view plaintext, bytes& out);

  /// The plaintext, or errc::invalid_tag (also for fewer than 16 bytes); nothing of a forged
  /// plaintext leaves this function.
  result<secret_bytes> open(const nonce& n, byte_view aad, byte_view sealed);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace wardline::crypto
