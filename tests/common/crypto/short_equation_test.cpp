#include "common/crypto/short_equation.hpp"

#include <algorithm>

#include "common/crypto/ffdhe.hpp"
#include "common/crypto/ristretto255.hpp"
#include "tests/support/property.hpp"

namespace wardline::crypto {
namespace {

scalar number(const scalar_field& field, unsigned x) { return field.reduce(big_endian<4>(x)); }

TEST_CASE("a shortened equation is a power of the one it came from, and half as long") {
  // All of a small field: 251 has 8 bits, 31 has 5, 13 has 4.
  for (const unsigned q : {251U, 31U, 13U}) {
    const unsigned limit = q == 251 ? 16 : q == 31 ? 8 : 4;
    const byte modulus = static_cast<byte>(q);
    const scalar_field field({&modulus, 1}, byte_order::big_endian);
    for (unsigned u = 0; u < q; ++u) {
      for (unsigned v = 0; v < q; ++v) {
        const auto made = shorten({number(field, u), number(field, v)}, field);
        const auto b = made.b_is_negative ? q - made.b[0] : made.b[0];
        const bool fits = made.b[0] > 0 && made.b[0] < limit && made.a[0] < limit && made.c[0] < q;
        if (!fits || made.a[0] != v * b % q || made.c[0] != u * b % q) {
          FAIL("q " << q << ", u " << u << ", v " << v);
        }
      }
    }
  }
}

// h - x·e
scalar less_product(const scalar_field& field, const scalar& h, const scalar& x, const scalar& e) {
  const auto one = number(field, 1);
  return field.respond(h, x, e, one, one);
}

scalar as_scalar(const std::vector<limb>& x) {
  scalar out{secret_limbs(x.size())};
  std::copy(x.begin(), x.end(), out.value.data());
  return out;
}

bool is_short(const std::vector<limb>& x, std::size_t bits) {
  for (std::size_t i = bits; i < x.size() * limb_bits; ++i) {
    if (((x[i / limb_bits] >> (i % limb_bits)) & 1U) != 0) return false;
  }
  return true;
}

template <class G>
void check(const scalar& u, const scalar& v, std::size_t half) {
  const auto& field = G::scalars();
  const auto zero = number(field, 0);
  auto made =
      shorten({field.decode(field.encode(u).view()), field.decode(field.encode(v).view())}, field);
  RC_ASSERT(is_short(made.a, half));
  RC_ASSERT(is_short(made.b, half));
  RC_ASSERT_FALSE(is_zero(made.b));
  auto b = as_scalar(made.b);
  if (made.b_is_negative) b = less_product(field, zero, number(field, 1), b);
  // a - v·b = 0, c - u·b = 0
  RC_ASSERT(is_zero(less_product(field, as_scalar(made.a), v, b).value.view()));
  RC_ASSERT(is_zero(less_product(field, as_scalar(made.c), u, b).value.view()));
}

TEMPLATE_TEST_CASE("an equation of any numbers can be shortened", "", ffdhe<2048>, ffdhe<3072>,
                   ffdhe<4096>, ristretto255) {
  using G = TestType;
  const auto& field = G::scalars();
  const std::size_t half = G::element_size == 32 ? 127 : G::element_size * 4;
  test::property([&](std::uint32_t small) {
    const auto bits = *rc::gen::inRange<std::size_t>(0, 8 * field.size() - 1);
    const auto any = *test::bytes_of(field.wide_size());
    const auto u = field.reduce(any);
    // A power of two and what lies around it; small; just below q; anything.
    bytes power(field.wide_size());
    power[power.size() - 1 - bits / 8] = static_cast<byte>(1U << (bits % 8));
    const auto one = number(field, 1);
    const auto minus_one = less_product(field, number(field, 0), one, one);
    check<G>(u, field.reduce(power), half);
    check<G>(u, less_product(field, field.reduce(power), one, one), half);
    check<G>(u, less_product(field, field.reduce(power), one, minus_one), half);
    check<G>(u, number(field, small), half);
    check<G>(u, less_product(field, number(field, 0), one, number(field, small)), half);
    check<G>(u, u, half);
    check<G>(number(field, 0), minus_one, half);
    check<G>(minus_one, number(field, 0), half);
  });
}

}  // namespace
}  // namespace wardline::crypto
