#pragma once

#include <memory>
#include <stdexcept>

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

/// libcrypto's objects as owners, and its errors as exceptions.
namespace wardline::bench::primitives {

template <auto Free>
struct free_by {
  template <class T>
  void operator()(T* x) const noexcept {
    Free(x);
  }
};

using openssl_number = std::unique_ptr<BIGNUM, free_by<BN_clear_free>>;
using openssl_number_context = std::unique_ptr<BN_CTX, free_by<BN_CTX_free>>;
using openssl_montgomery = std::unique_ptr<BN_MONT_CTX, free_by<BN_MONT_CTX_free>>;
using openssl_key = std::unique_ptr<EVP_PKEY, free_by<EVP_PKEY_free>>;
using openssl_key_context = std::unique_ptr<EVP_PKEY_CTX, free_by<EVP_PKEY_CTX_free>>;
using openssl_digest = std::unique_ptr<EVP_MD, free_by<EVP_MD_free>>;
using openssl_digest_context = std::unique_ptr<EVP_MD_CTX, free_by<EVP_MD_CTX_free>>;
using openssl_cipher_context = std::unique_ptr<EVP_CIPHER_CTX, free_by<EVP_CIPHER_CTX_free>>;

inline void openssl_check(int success) {
  if (success <= 0) throw std::runtime_error("OpenSSL refused");
}

template <class T>
T* openssl_check(T* made) {
  if (made == nullptr) throw std::runtime_error("OpenSSL refused");
  return made;
}

}  // namespace wardline::bench::primitives
