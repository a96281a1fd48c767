#pragma once

#include <memory>
#include <new>

#include <openssl/bn.h>

#include "common/util/bytes.hpp"

/// libcrypto's integers, for the files that compute with them.
namespace wardline::crypto::libcrypto {

struct free_number {
  void operator()(BIGNUM* x) const noexcept { BN_clear_free(x); }
};
using number = std::unique_ptr<BIGNUM, free_number>;

struct free_context {
  void operator()(BN_CTX* x) const noexcept { BN_CTX_free(x); }
};
using context = std::unique_ptr<BN_CTX, free_context>;

struct free_montgomery {
  void operator()(BN_MONT_CTX* x) const noexcept { BN_MONT_CTX_free(x); }
};
using montgomery_context = std::unique_ptr<BN_MONT_CTX, free_montgomery>;

// Of what is done here, nothing can fail but an allocation.
template <class Pointer>
Pointer checked(Pointer p) {
  if (!p) throw std::bad_alloc();
  return p;
}
inline void check(int success) {
  if (success != 1) throw std::bad_alloc();
}

/// Working memory.
inline BN_CTX* thread_context() {
  thread_local const context mine = checked(context(BN_CTX_new()));
  return mine.get();
}

inline number make() { return checked(number(BN_new())); }

/// Not constant-time.
inline number read(byte_view x) {
  return checked(number(BN_bin2bn(x.data(), static_cast<int>(x.size()), nullptr)));
}

inline montgomery_context make_montgomery(const BIGNUM& modulus) {
  montgomery_context out(checked(BN_MONT_CTX_new()));
  check(BN_MONT_CTX_set(out.get(), &modulus, thread_context()));
  return out;
}

}  // namespace wardline::crypto::libcrypto
