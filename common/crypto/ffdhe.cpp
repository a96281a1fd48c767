#include "common/crypto/ffdhe.hpp"

#include <algorithm>
#include <mutex>
#include <optional>

#include <gmp.h>

#include "common/crypto/declassify.hpp"
#include "common/crypto/exponentiation.hpp"
#include "common/crypto/ffdhe_primes.hpp"
#include "common/crypto/fixed_base.hpp"
#include "common/crypto/public_powers.hpp"
#include "common/crypto/short_equation.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::crypto {
namespace {

constexpr limb generator = 2;

// Blocks of the combs, by measurement: with these, making the tables takes about as long as one
// plain exponentiation, and twice as many save less than a tenth of each power.
constexpr std::size_t full_blocks = 8;
constexpr std::size_t short_blocks = 2;

std::vector<limb> to_limbs(byte_view x) {
  std::vector<limb> out(limbs_for(x.size()));
  read_big_endian(x, out);
  return out;
}

bytes to_bytes(std::span<const limb> x) {
  bytes out(x.size_bytes());
  write_big_endian(x, out);
  return out;
}

// q = (p-1)/2: p without its lowest bit.
bytes half(std::span<const limb> p) {
  std::vector<limb> out(p.size());
  mpn_rshift(out.data(), p.data(), static_cast<mp_size_t>(p.size()), 1);
  return to_bytes(out);
}

// 1/x mod p, of a public x that is not 0.
bytes invert(byte_view x, std::span<const limb> p) {
  const auto size = static_cast<mp_size_t>(p.size());
  const auto limbs = to_limbs(x);
  std::vector<limb> out(p.size());
  mpz_t value;
  mpz_t modulus;
  mpz_t inverse;
  mpz_init(inverse);
  mpz_invert(inverse, mpz_roinit_n(value, limbs.data(), size),
             mpz_roinit_n(modulus, p.data(), size));
  std::copy_n(mpz_limbs_read(inverse), mpz_size(inverse), out.begin());
  mpz_clear(inverse);
  return to_bytes(out);
}

// p - 2: p is odd and over 2.
bytes largest_element(bytes p) {
  p.back() = static_cast<byte>(p.back() - 2);
  return p;
}

}  // namespace

struct ffdhe_group::state {
  state(bytes p, std::size_t short_size)
      : prime(std::move(p)),
        largest(largest_element(prime)),
        prime_limbs(to_limbs(prime)),
        short_exponent_size(short_size),
        scalars(half(prime_limbs), byte_order::big_endian),
        powers(prime),
        products(prime),
        field(prime_limbs) {}

  // True of KEM keys and ephemerals, false of signature keys and nonces. That a scalar is one or
  // the other is no secret; by chance, a long one is short once in 2^1600.
  bool is_short(const scalar& x) const noexcept {
    const auto upper = x.value.view().subspan(short_exponent_size / sizeof(limb));
    const limb partial = upper[0] >> (8 * (short_exponent_size % sizeof(limb)));
    const bool rest_is_zero = is_zero(upper.subspan(1));
    return declassified((partial == 0) & rest_is_zero);
  }

  // g^x has two combs, so that a short exponent costs no more than it must.
  const fixed_base& comb(bool for_short) const {
    std::vector<limb> base(field.size());
    base[0] = generator;
    if (for_short) {
      std::call_once(short_once, [&] {
        short_comb.emplace(field, base, 8 * short_exponent_size, short_blocks);
      });
      return *short_comb;
    }
    std::call_once(full_once,
                   [&] { full_comb.emplace(field, base, 8 * prime.size(), full_blocks); });
    return *full_comb;
  }

  bytes prime;
  bytes largest;
  std::vector<limb> prime_limbs;
  std::size_t short_exponent_size;
  scalar_field scalars;
  exponentiation powers;
  public_powers products;
  montgomery field;
  mutable std::once_flag short_once;
  mutable std::once_flag full_once;
  mutable std::optional<fixed_base> short_comb;
  mutable std::optional<fixed_base> full_comb;
};

ffdhe_group::ffdhe_group(std::string_view prime, std::size_t short_exponent_size)
    : state_(std::make_unique<state>(from_hex(prime).value(), short_exponent_size)) {}

ffdhe_group::~ffdhe_group() = default;

byte_view ffdhe_group::prime() const noexcept { return state_->prime; }

const scalar_field& ffdhe_group::scalars() const noexcept { return state_->scalars; }

// Section 2: decoding fails unless 2 <= Y <= p-2.
result<ffdhe_group::element> ffdhe_group::decode(byte_view encoded) const {
  if (encoded.size() != state_->prime.size()) return errc::invalid_element;
  const auto leading = encoded.first(encoded.size() - 1);
  const bool below_two = encoded.back() < 2 &&
                         std::all_of(leading.begin(), leading.end(), [](byte b) { return b == 0; });
  if (below_two || std::lexicographical_compare(state_->largest.begin(), state_->largest.end(),
                                                encoded.begin(), encoded.end())) {
    return errc::invalid_element;
  }
  return element(wardline::to_bytes(encoded));
}

// The squares are the subgroup of order q (Euler); Jacobi's symbol tells them without a power.
bool ffdhe_group::in_subgroup(const element& y) const {
  const auto limbs = to_limbs(y.encoded());
  const auto size = static_cast<mp_size_t>(limbs.size());
  mpz_t value;
  mpz_t p;
  return mpz_jacobi(mpz_roinit_n(value, limbs.data(), size),
                    mpz_roinit_n(p, state_->prime_limbs.data(), size)) == 1;
}

ffdhe_group::element ffdhe_group::power_of_generator(const scalar& x) const {
  std::vector<limb> out(state_->field.size());
  state_->comb(state_->is_short(x)).power(x.value.view(), out);
  return element(to_bytes(out));
}

// Section 2: (Y^2)^x mod p; the square rids it of whatever has order 2.
result<secret_bytes> ffdhe_group::dh(const scalar& x, byte_view encoded_y) const {
  const auto y = decode(encoded_y);
  if (!y) return y.error();
  const auto exponent = state_->scalars.encode(x);
  const auto significant =
      state_->is_short(x) ? exponent.view().last(state_->short_exponent_size) : exponent.view();
  auto out = state_->powers.power_of_square(y->encoded(), significant);
  byte not_one = out.view().back() ^ 1U;
  for (const byte b : out.view().first(out.size() - 1)) not_one |= b;
  // Section 2: "A result of 1, or the identity, is an error", and an error shows.
  if (declassified(not_one == 0)) return errc::invalid_element;
  return out;
}

// As g^c · y^a · (1/R)^b = 1; see short_equation.hpp for why that is the same.
bool ffdhe_group::equation_holds(byte_view encoded_y, const scalar& e, byte_view encoded_r,
                                 const scalar& s, const scalar& h) const {
  const auto y = decode(encoded_y);
  const auto r = decode(encoded_r);
  if (!y || !r || !in_subgroup(*r)) return false;
  const auto& field = state_->scalars;
  const auto equation = shorten(field.solve(h, e, s), field);
  const auto other_r =
      equation.b_is_negative ? r->encoded_ : invert(r->encoded_, state_->prime_limbs);
  return state_->products.product_is_one(equation.c, {y->encoded(), equation.a},
                                         {other_r, equation.b});
}

template <>
const ffdhe_group& ffdhe_group_of<2048>() {
  static const ffdhe_group group(rfc7919::p2048, ffdhe<2048>::short_exponent_size);
  return group;
}

template <>
const ffdhe_group& ffdhe_group_of<3072>() {
  static const ffdhe_group group(rfc7919::p3072, ffdhe<3072>::short_exponent_size);
  return group;
}

template <>
const ffdhe_group& ffdhe_group_of<4096>() {
  static const ffdhe_group group(rfc7919::p4096, ffdhe<4096>::short_exponent_size);
  return group;
}

}  // namespace wardline::crypto
