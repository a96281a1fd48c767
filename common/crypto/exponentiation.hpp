#pragma once

#include <memory>

#include "common/util/bytes.hpp"
#include "common/util/secret.hpp"

namespace wardline::crypto {

/// Powers of arbitrary bases modulo an odd p, by libcrypto. All numbers are big-endian. Immutable;
/// each thread has working memory of its own.
class exponentiation {
 public:
  explicit exponentiation(byte_view modulus);
  ~exponentiation();
  exponentiation(const exponentiation&) = delete;
  exponentiation& operator=(const exponentiation&) = delete;

  /// (base^2)^x mod p, in time that depends on the size of `x` in bytes and not on its value.
  /// (libcrypto drops whole limbs of zeros at its upper end, which a random exponent has with
  /// probability 2^-32 or less.)
  secret_bytes power_of_square(byte_view base, byte_view x) const;

  /// a^x · b^y mod p for public values: both at once, with the squarings shared (Straus, 1964).
  bytes product_of_powers(byte_view a, byte_view x, byte_view b, byte_view y) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace wardline::crypto
