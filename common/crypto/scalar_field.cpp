#include "common/crypto/scalar_field.hpp"

#include <algorithm>
#include <stdexcept>
#include <type_traits>

#include <gmp.h>

#include "common/crypto/declassify.hpp"

namespace wardline::crypto {

static_assert(std::is_same_v<limb, mp_limb_t> && GMP_NAIL_BITS == 0);

namespace {

mp_size_t gmp_size(const secret_limbs& x) noexcept { return static_cast<mp_size_t>(x.size()); }
mp_size_t gmp_size(const std::vector<limb>& x) noexcept { return static_cast<mp_size_t>(x.size()); }

std::vector<limb> to_limbs(byte_view x) {
  std::vector<limb> out(limbs_for(x.size()));
  read_big_endian(x, out);
  return out;
}

std::vector<limb> less_one(std::vector<limb> odd) {
  odd[0] -= 1;
  return odd;
}

secret_limbs scratch(mp_size_t size) { return secret_limbs(static_cast<std::size_t>(size)); }

}  // namespace

scalar_field::scalar_field(byte_view order, byte_order encoding)
    : size_(order.size()),
      encoding_(encoding),
      order_(to_limbs(order)),
      order_less_one_(less_one(order_)) {}

bytes scalar_field::order() const {
  bytes out(size_);
  write_big_endian(order_, out);
  return out;
}

// Sizes are those of the group; mpn_sec_div_r takes time by them alone.
scalar scalar_field::remainder(secret_limbs dividend, const std::vector<limb>& modulus) const {
  const mp_size_t n = gmp_size(modulus);
  auto work = scratch(mpn_sec_div_r_itch(gmp_size(dividend), n));
  mpn_sec_div_r(dividend.data(), gmp_size(dividend), modulus.data(), n, work.data());
  scalar out{secret_limbs(limbs())};
  std::copy_n(dividend.data(), limbs(), out.value.data());
  return out;
}

secret_limbs scalar_field::read_wide(byte_view integer) const {
  if (integer.size() > wide_size()) throw std::length_error("an integer too wide to reduce");
  secret_limbs wide(limbs_for(wide_size()));
  read_big_endian(integer, wide.writable());
  return wide;
}

scalar scalar_field::reduce(byte_view integer) const {
  return remainder(read_wide(integer), order_);
}

scalar scalar_field::reduce_to_nonzero(byte_view integer) const {
  scalar out = remainder(read_wide(integer), order_less_one_);
  auto work = scratch(mpn_sec_add_1_itch(gmp_size(out.value)));
  mpn_sec_add_1(out.value.data(), out.value.data(), gmp_size(out.value), 1, work.data());
  return out;
}

scalar scalar_field::reduce_or_one(byte_view integer) const {
  scalar out = reduce(integer);
  // No branch: the comparison becomes a number.
  out.value.data()[0] |= static_cast<limb>(is_zero(out.value.view()));
  return out;
}

scalar scalar_field::multiply(const scalar& a, const scalar& b) const {
  const mp_size_t n = gmp_size(order_);
  secret_limbs product(2 * limbs());
  auto work = scratch(mpn_sec_mul_itch(n, n));
  mpn_sec_mul(product.data(), a.value.data(), n, b.value.data(), n, work.data());
  return remainder(std::move(product), order_);
}

// Not constant-time: for a value that is blinded or public.
scalar scalar_field::invert(const scalar& a) const {
  mpz_t value;
  mpz_t modulus;
  mpz_t inverse;
  mpz_init2(inverse, limbs() * limb_bits);
  const int invertible = mpz_invert(inverse, mpz_roinit_n(value, a.value.data(), gmp_size(a.value)),
                                    mpz_roinit_n(modulus, order_.data(), gmp_size(order_)));
  scalar out{secret_limbs(limbs())};
  std::copy_n(mpz_limbs_read(inverse), mpz_size(inverse), out.value.data());
  explicit_bzero(mpz_limbs_write(inverse, gmp_size(order_)), limbs() * sizeof(limb));
  mpz_clear(inverse);
  if (invertible == 0) throw std::invalid_argument("0 has no inverse");
  return out;
}

scalar scalar_field::respond(const scalar& h, const scalar& x, const scalar& e, const scalar& k,
                             const scalar& t) const {
  const mp_size_t n = gmp_size(order_);
  scalar difference = multiply(x, e);
  limb* const d = difference.value.data();
  const limb borrow = mpn_sub_n(d, h.value.data(), d, n);
  mpn_cnd_add_n(borrow, d, d, order_.data(), n);
  const scalar blinded = multiply(k, t);
  // t is uniform, used for this alone, and never told: so is k·t, whatever k is.
  declassify(memory_of(blinded));
  const scalar inverse_of_k = multiply(invert(blinded), t);
  return multiply(difference, inverse_of_k);
}

solved_equation scalar_field::solve(const scalar& h, const scalar& e, const scalar& s) const {
  const scalar inverse = invert(s);
  scalar v = multiply(e, inverse);
  if (!is_zero(v.value.view())) {
    mpn_sub_n(v.value.data(), order_.data(), v.value.data(), gmp_size(order_));
  }
  return {multiply(h, inverse), std::move(v)};
}

secret_bytes scalar_field::encode(const scalar& x) const {
  secret_bytes out(size_);
  write_big_endian(x.value.view(), out.writable());
  if (encoding_ == byte_order::little_endian) {
    std::reverse(out.writable().begin(), out.writable().end());
  }
  return out;
}

scalar scalar_field::decode(byte_view encoded) const {
  if (encoded.size() != size_) throw std::length_error("a scalar of another group");
  secret_bytes ordered(encoded);
  if (encoding_ == byte_order::little_endian) {
    std::reverse(ordered.writable().begin(), ordered.writable().end());
  }
  scalar out{secret_limbs(limbs())};
  read_big_endian(ordered.view(), out.value.writable());
  return out;
}

std::optional<scalar> scalar_field::decode_public(byte_view encoded) const {
  if (encoded.size() != size_) return std::nullopt;
  scalar out = decode(encoded);
  if (is_zero(out.value.view())) return std::nullopt;
  if (mpn_cmp(out.value.data(), order_.data(), gmp_size(order_)) >= 0) return std::nullopt;
  return out;
}

}  // namespace wardline::crypto
