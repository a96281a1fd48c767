#include "common/crypto/montgomery.hpp"

#include <algorithm>

#include <gmp.h>

namespace wardline::crypto {
namespace {

mp_size_t gmp_size(std::span<const limb> x) noexcept { return static_cast<mp_size_t>(x.size()); }

// -1/p mod 2^(limb bits), by Newton's iteration: each round doubles the bits that are right,
// beginning with 3.
limb negated_inverse(limb p) noexcept {
  limb inverse = p;
  for (std::size_t right = 3; right < limb_bits; right *= 2) inverse *= 2 - p * inverse;
  return 0 - inverse;
}

// 2^exponent mod p, for the constants.
std::vector<limb> power_of_two(std::size_t exponent, std::span<const limb> p) {
  std::vector<limb> dividend(exponent / limb_bits + 1);
  dividend.back() = limb{1} << (exponent % limb_bits);
  std::vector<limb> quotient(dividend.size() - p.size() + 1);
  std::vector<limb> out(p.size());
  mpn_tdiv_qr(quotient.data(), out.data(), 0, dividend.data(), gmp_size(dividend), p.data(),
              gmp_size(p));
  return out;
}

}  // namespace

montgomery::montgomery(std::span<const limb> modulus)
    : modulus_(modulus.begin(), modulus.end()),
      inverse_(negated_inverse(modulus[0])),
      one_(power_of_two(limb_bits * modulus.size(), modulus)),
      enter_(power_of_two(2 * limb_bits * modulus.size(), modulus)) {}

montgomery::workspace::workspace(const montgomery& field)
    : product_(2 * field.size()),
      scratch_(static_cast<std::size_t>(
          std::max({mpn_sec_mul_itch(gmp_size(field.modulus_), gmp_size(field.modulus_)),
                    mpn_sec_sqr_itch(gmp_size(field.modulus_)), mp_size_t{1}}))) {}

void montgomery::multiply(std::span<limb> out, std::span<const limb> a, std::span<const limb> b,
                          workspace& w) const {
  const mp_size_t n = gmp_size(modulus_);
  mpn_sec_mul(w.product_.data(), a.data(), n, b.data(), n, w.scratch_.data());
  reduce(out, w);
}

void montgomery::square(std::span<limb> out, std::span<const limb> a, workspace& w) const {
  mpn_sec_sqr(w.product_.data(), a.data(), gmp_size(modulus_), w.scratch_.data());
  reduce(out, w);
}

void montgomery::enter(std::span<limb> out, std::span<const limb> a, workspace& w) const {
  multiply(out, a, enter_, w);
}

void montgomery::leave(std::span<limb> out, std::span<const limb> a, workspace& w) const {
  const mp_size_t n = gmp_size(modulus_);
  std::fill_n(std::copy_n(a.begin(), size(), w.product_.data()), size(), limb{0});
  reduce(out, w);
  // p or less now: subtract p, and take it back if that was too much.
  const limb borrow = mpn_sub_n(out.data(), out.data(), modulus_.data(), n);
  mpn_cnd_add_n(borrow, out.data(), out.data(), modulus_.data(), n);
}

// Montgomery's reduction (Math. Comp. 44, 1985), a limb at a time: product / B mod p. With the
// product below B^2, the sum below is less than B + p, so one subtraction brings it under B.
void montgomery::reduce(std::span<limb> out, workspace& w) const {
  const mp_size_t n = gmp_size(modulus_);
  limb* const t = w.product_.data();
  for (mp_size_t i = 0; i < n; ++i) {
    // The low limb becomes 0; its place keeps the carry until the rows are added.
    t[i] = mpn_addmul_1(t + i, modulus_.data(), n, t[i] * inverse_);
  }
  const limb carry = mpn_add_n(out.data(), t + n, t, n);
  mpn_cnd_sub_n(carry, out.data(), out.data(), modulus_.data(), n);
}

}  // namespace wardline::crypto
