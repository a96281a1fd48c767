#pragma once

#include <memory>

#include <openssl/bn.h>

#include "tests/system/adversary/octets.hpp"

/// Integers with operators, over libcrypto's BIGNUM. In no way constant-time.
namespace wardline::test::adversary {

class integer {
 public:
  integer(unsigned long value = 0);
  integer(const integer& other);
  integer(integer&&) noexcept = default;
  integer& operator=(integer other) noexcept;

  static integer from_big_endian(const octets& data);
  octets to_big_endian(std::size_t size) const;

  friend integer operator+(const integer& a, const integer& b);
  friend integer operator-(const integer& a, const integer& b);  ///< may be negative
  friend integer operator*(const integer& a, const integer& b);
  friend integer operator/(const integer& a, const integer& b);
  friend integer operator%(const integer& a, const integer& b);  ///< never negative
  friend integer operator<<(const integer& a, int bits);
  friend integer operator>>(const integer& a, int bits);
  friend bool operator==(const integer& a, const integer& b) {
    return BN_cmp(a.n_.get(), b.n_.get()) == 0;
  }
  friend bool operator<(const integer& a, const integer& b) {
    return BN_cmp(a.n_.get(), b.n_.get()) < 0;
  }

  friend integer power(const integer& base, const integer& exponent, const integer& modulus);
  friend integer inverse(const integer& a, const integer& modulus);
  friend int jacobi(const integer& a, const integer& p);

 private:
  struct deleter {
    void operator()(BIGNUM* n) const noexcept { BN_free(n); }
  };
  std::unique_ptr<BIGNUM, deleter> n_;
};

// Found by their arguments only, otherwise.
integer power(const integer& base, const integer& exponent, const integer& modulus);
integer inverse(const integer& a, const integer& modulus);
int jacobi(const integer& a, const integer& p);

}  // namespace wardline::test::adversary
