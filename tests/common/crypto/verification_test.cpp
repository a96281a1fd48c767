// A verification accepts what g^h == y^e · R^s says, for an R that decodes and has order q, and
// nothing else; whatever way it computes that.
#include <algorithm>

#include "common/crypto/elgamal.hpp"
#include "common/crypto/exponentiation.hpp"
#include "common/crypto/ffdhe.hpp"
#include "common/crypto/ristretto255.hpp"
#include "tests/support/property.hpp"

namespace wardline::crypto {
namespace {

template <class G>
scalar number(unsigned x) {
  return G::scalars().reduce(big_endian<4>(x));
}

// h - x·e
template <class G>
scalar less_product(const scalar& h, const scalar& x, const scalar& e) {
  return G::scalars().respond(h, x, e, number<G>(1), number<G>(1));
}

// Often 0, 1, or close to q.
template <class G>
scalar any_scalar() {
  const auto kind = *rc::gen::inRange(0, 6);
  auto small = number<G>(*rc::gen::inRange(0U, 4U));
  if (kind == 0) return small;
  if (kind == 1) return less_product<G>(number<G>(0), number<G>(1), small);
  return G::scalars().reduce(*test::bytes_of(G::scalars().wide_size()));
}

template <class G>
scalar nonzero_scalar() {
  auto out = any_scalar<G>();
  return is_zero(out.value.view()) ? number<G>(1) : std::move(out);
}

template <class G>
bool holds(byte_view y, const scalar& e, byte_view r, const scalar& s, const scalar& h) {
  return G::equation_holds(y, e, r, s, h);
}

TEMPLATE_TEST_CASE("a verification accepts what the exponents say", "", ffdhe<2048>, ffdhe<3072>,
                   ffdhe<4096>, ristretto255) {
  using G = TestType;
  test::property(
      [] {
        // y = g^x, R = g^k: the equation is h = x·e + k·s.
        const auto x = nonzero_scalar<G>();
        const auto k = nonzero_scalar<G>();
        const auto e = any_scalar<G>();
        const auto s = nonzero_scalar<G>();
        const auto y = G::power_of_generator(x);
        const auto r = G::power_of_generator(k);
        // A power of g may be what section 2 lets nobody send.
        const bool decodes = G::decode(y.encoded()) && G::decode(r.encoded());

        const auto minus_xe = less_product<G>(number<G>(0), x, e);
        const auto minus_h = less_product<G>(minus_xe, k, s);
        const auto h = less_product<G>(number<G>(0), minus_h, number<G>(1));
        RC_ASSERT(holds<G>(y.encoded(), e, r.encoded(), s, h) == decodes);

        const auto other = any_scalar<G>();
        const auto difference = less_product<G>(other, number<G>(1), h);
        RC_ASSERT(holds<G>(y.encoded(), e, r.encoded(), s, other) ==
                  (decodes && is_zero(difference.value.view())));
      },
      G::element_size == 32 ? 200 : 20);
}

// p - a, for a below p.
bytes negated(byte_view p, byte_view a) {
  bytes out(p.size());
  int borrow = 0;
  for (std::size_t i = p.size(); i-- > 0;) {
    const int digit = p[i] - a[i] - borrow;
    borrow = digit < 0 ? 1 : 0;
    out[i] = static_cast<byte>(digit);
  }
  return out;
}

TEST_CASE("a verification is the plain equation, for whatever R, in groups modulo p") {
  using G = ffdhe<2048>;
  const auto p = to_bytes(G::group().prime());
  const auto& field = G::scalars();
  const exponentiation plain(p);
  const auto small = [&](byte x) {
    bytes out(p.size());
    out.back() = x;
    return out;
  };
  test::property(
      [&] {
        const auto x = nonzero_scalar<G>();
        const auto k = nonzero_scalar<G>();
        const auto e = any_scalar<G>();
        // Even and odd: -R to an even power is R to it.
        const auto s = nonzero_scalar<G>();
        const auto y = G::power_of_generator(x);
        RC_PRE(G::decode(y.encoded()).has_value());
        const auto r = to_bytes(G::power_of_generator(k).encoded());
        const auto minus_xe = less_product<G>(number<G>(0), x, e);
        const auto minus_h = less_product<G>(minus_xe, k, s);
        const auto h = less_product<G>(number<G>(0), minus_h, number<G>(1));
        auto changed = r;
        changed[*rc::gen::inRange<std::size_t>(0, r.size())] ^= 1U;
        const auto left = plain.product_of_powers(small(2), field.encode(h).view(), small(1), {});
        for (const auto& candidate :
             {r, negated(p, r), small(0), small(1), small(2), small(4), negated(p, small(1)),
              negated(p, small(2)), p, bytes(p.size(), 0xff), changed}) {
          const auto decoded = G::decode(candidate);
          const bool expected = decoded && G::in_subgroup(*decoded) &&
                                left == plain.product_of_powers(y.encoded(), field.encode(e).view(),
                                                                candidate, field.encode(s).view());
          RC_ASSERT(holds<G>(y.encoded(), e, candidate, s, h) == expected);
        }
      },
      20);
}

TEST_CASE("a verification accepts one encoding of R, in ristretto255") {
  using G = ristretto255;
  test::property(
      [] {
        const auto x = nonzero_scalar<G>();
        const auto k = nonzero_scalar<G>();
        const auto e = any_scalar<G>();
        const auto s = nonzero_scalar<G>();
        const auto y = to_bytes(G::power_of_generator(x).encoded());
        const auto r = to_bytes(G::power_of_generator(k).encoded());
        const auto minus_xe = less_product<G>(number<G>(0), x, e);
        const auto minus_h = less_product<G>(minus_xe, k, s);
        const auto h = less_product<G>(number<G>(0), minus_h, number<G>(1));
        RC_ASSERT(holds<G>(y, e, r, s, h));
        for (std::size_t bit = 0; bit < 256; ++bit) {
          auto changed = r;
          changed[bit / 8] = static_cast<byte>(changed[bit / 8] ^ (1U << (bit % 8)));
          RC_ASSERT_FALSE(holds<G>(y, e, changed, s, h));
        }
        RC_ASSERT_FALSE(holds<G>(y, e, byte_view(r).first(31), s, h));
        // The identity is no R, also where the equation holds for it; and no other R will do there.
        const auto xe = less_product<G>(number<G>(0), minus_xe, number<G>(1));
        RC_ASSERT_FALSE(holds<G>(y, e, bytes(32), s, xe));
        RC_ASSERT_FALSE(holds<G>(y, e, r, s, xe));
      },
      10);
}

TEMPLATE_TEST_CASE("a key that does not decode verifies nothing", "", ffdhe<2048>, ristretto255) {
  using G = TestType;
  // With e = 0 the equation does not ask for y, and with y = 1 it holds for every e.
  const auto s = number<G>(1);
  const auto h = number<G>(7);
  const auto r = G::power_of_generator(h);
  const auto y = G::power_of_generator(number<G>(5));
  bytes one(G::element_size);
  if (G::element_size != 32) one.back() = 1;
  for (const auto& key : {one, bytes(G::element_size, 0xff), bytes(G::element_size), bytes{},
                          bytes(G::element_size + 1, 1)}) {
    CHECK_FALSE(holds<G>(key, number<G>(0), r.encoded(), s, h));
    CHECK_FALSE(holds<G>(key, number<G>(3), r.encoded(), s, h));
  }
  CHECK(holds<G>(y.encoded(), number<G>(0), r.encoded(), s, h));
}

TEST_CASE("the other encoding of a key is no key in ristretto255") {
  using G = ristretto255;
  const auto h = number<G>(7);
  const auto r = G::power_of_generator(number<G>(2));
  auto y = to_bytes(G::power_of_generator(number<G>(5)).encoded());
  CHECK(holds<G>(y, number<G>(1), r.encoded(), number<G>(1), h));
  y.back() |= 0x80U;
  CHECK_FALSE(holds<G>(y, number<G>(1), r.encoded(), number<G>(1), h));
}

TEMPLATE_TEST_CASE("s is read as one number below q alone", "", ffdhe<2048>, ristretto255) {
  using G = TestType;
  const auto& field = G::scalars();
  const auto x = number<G>(123456789);
  const auto y = to_bytes(G::power_of_generator(x).encoded());
  system_random random;
  const auto text = as_bytes("a message");
  const byte_view message[] = {text};
  const auto signature = elgamal::sign<G>(x, y, "ctx", message, random);
  REQUIRE(elgamal::verify<G>(y, "ctx", message, signature));

  const bool little = G::element_size == 32;
  auto q = field.order();
  if (little) std::reverse(q.begin(), q.end());
  auto sum = to_bytes(byte_view(signature).last(G::scalar_size));
  unsigned carry = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const auto at = little ? i : sum.size() - 1 - i;
    carry += static_cast<unsigned>(sum[at]) + q[at];
    sum[at] = static_cast<byte>(carry);
    carry >>= 8U;
  }
  for (const auto& s : {bytes(G::scalar_size), q, sum, bytes(G::scalar_size, 0xff)}) {
    auto changed = to_bytes(byte_view(signature).first(G::element_size));
    append(changed, s);
    CHECK_FALSE(elgamal::verify<G>(y, "ctx", message, changed));
  }
}

}  // namespace
}  // namespace wardline::crypto
