#include "tests/support/primality.hpp"

#include <algorithm>

#include "common/crypto/exponentiation.hpp"
#include "common/crypto/random.hpp"

namespace wardline::test {
namespace {

constexpr int rounds = 24;

bool is_small_prime(std::uint64_t n) {
  if (n < 2) return false;
  for (std::uint64_t divisor = 2; divisor * divisor <= n; ++divisor) {
    if (n % divisor == 0) return false;
  }
  return true;
}

bytes half(bytes x) {
  for (std::size_t i = x.size(); i-- > 0;) {
    x[i] = static_cast<byte>((x[i] >> 1U) | (i == 0 ? 0 : x[i - 1] << 7U));
  }
  return x;
}

}  // namespace

bool is_probable_prime(byte_view n) {
  while (!n.empty() && n.front() == 0) n = n.subspan(1);
  if (n.size() <= 4) {
    std::uint64_t small = 0;
    for (const byte b : n) small = small * 256 + b;
    return is_small_prime(small);
  }
  if (n.back() % 2 == 0) return false;

  const crypto::exponentiation modulo(n);
  bytes one(n.size());
  one.back() = 1;
  const bytes zero(n.size());
  const auto power = [&](const bytes& base, const bytes& exponent) {
    return modulo.product_of_powers(base, exponent, one, zero);
  };
  // n - 1 = 2^twos * odd.
  bytes less_one = to_bytes(n);
  less_one.back() ^= 1U;
  bytes odd = half(less_one);
  int twos = 1;
  for (; odd.back() % 2 == 0; ++twos) odd = half(odd);
  bytes two(n.size());
  two.back() = 2;

  crypto::system_random random;
  bytes base(n.size());
  for (int passed = 0; passed < rounds;) {
    random.fill(base);
    bytes x = power(base, odd);
    if (x == zero) continue;  // a multiple of n says nothing
    for (int i = 1; i < twos && x != one && x != less_one; ++i) {
      x = power(x, two);
      if (x == one) return false;  // a root of 1 that is neither 1 nor -1
    }
    if (x != one && x != less_one) return false;
    ++passed;
  }
  return true;
}

}  // namespace wardline::test
