#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "common/crypto/aead.hpp"

namespace wardline::bench::primitives {

/// AES-256-GCM as another library has it, under one key that stays set, into memory that is there
/// already.
class plain_cipher {
 public:
  using nonce = crypto::aes256_gcm::nonce;

  virtual ~plain_cipher() = default;

  /// Ciphertext and tag into `out`, which is 16 bytes longer than the plaintext.
  virtual bool seal(const nonce& n, byte_view aad, byte_view plaintext, byte_span out) = 0;

  /// The plaintext into `out`; false if the tag does not fit.
  virtual bool open(const nonce& n, byte_view aad, byte_view sealed, byte_span out) = 0;
};

/// A library that has AES-256-GCM on this machine.
struct cipher_maker {
  std::string_view who;
  std::unique_ptr<plain_cipher> (*make)(byte_view key);
};

/// libsodium has it only where the CPU does, see sodium_has_aes().
std::vector<cipher_maker> cipher_makers();
bool sodium_has_aes();

std::unique_ptr<plain_cipher> cryptopp_cipher(byte_view key);
std::unique_ptr<plain_cipher> openssl_cipher(byte_view key);
std::unique_ptr<plain_cipher> sodium_cipher(byte_view key);

}  // namespace wardline::bench::primitives
