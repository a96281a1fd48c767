#include "common/crypto/edwards25519.hpp"

#include <algorithm>

#include "common/crypto/field25519.hpp"
#include "common/crypto/ristretto255.hpp"
#include "tests/support/property.hpp"

namespace wardline::crypto {
namespace {

using G = ristretto255;

// -(x·e) - (y·f) mod q
scalar negated_sum(const scalar_field& field, const scalar& x, const scalar& e, const scalar& y,
                   const scalar& f) {
  const auto one = field.reduce(bytes{1});
  return field.respond(field.respond(field.reduce({}), x, e, one, one), y, f, one, one);
}

std::vector<limb> to_limbs(const scalar& x) {
  return {x.value.view().begin(), x.value.view().end()};
}

// Below 2^127: any, or with the bits at which windows are cut and carried.
bytes half_exponent() {
  auto out = *rc::gen::oneOf(test::bytes_of(16), rc::gen::just(bytes(16, 0)),
                             rc::gen::just(bytes(16, 0xff)), rc::gen::exec([] {
                               bytes one(16);
                               const auto bit = *rc::gen::inRange<std::size_t>(0, 127);
                               one[15 - bit / 8] = static_cast<byte>(1U << (bit % 8));
                               return one;
                             }));
  out.front() &= 0x7fU;
  return out;
}

TEST_CASE("a product in ristretto255 is one when the exponents cancel, and not otherwise") {
  const auto& field = G::scalars();
  test::property([&] {
    const auto x = field.reduce_to_nonzero(*test::bytes_of(field.wide_size()));
    const auto y = field.reduce_to_nonzero(*test::bytes_of(field.wide_size()));
    const auto e = field.reduce(half_exponent());
    const auto f = field.reduce(half_exponent());
    // Divided by a power of b: its base is g^-y then.
    const bool inverted = *rc::gen::arbitrary<bool>();
    const auto zero = field.reduce({});
    const auto minus_y = negated_sum(field, y, field.reduce(bytes{1}), zero, zero);
    const auto c = to_limbs(negated_sum(field, x, e, y, f));
    const auto a = G::power_of_generator(x);
    const auto b = G::power_of_generator(inverted ? minus_y : y);
    const auto is_one = [&](std::span<const limb> exponent) {
      return edwards25519::product_is_one(exponent, {a.encoded(), e.value.view(), false},
                                          {b.encoded(), f.value.view(), inverted});
    };
    RC_ASSERT(is_one(c));
    auto other = c;
    const auto bit = *rc::gen::inRange<std::size_t>(0, 254);
    other[bit / limb_bits] ^= limb{1} << (bit % limb_bits);
    RC_ASSERT_FALSE(is_one(other));
  });
}

TEST_CASE("the exponent of g may be over q") {
  std::vector<limb> q(4);
  read_big_endian(G::scalars().order(), q);
  const std::vector<limb> zero(4);
  const auto g = G::power_of_generator(G::scalars().reduce(bytes{1}));
  const auto is_one = [&](std::span<const limb> c) {
    return edwards25519::product_is_one(c, {g.encoded(), zero, false}, {g.encoded(), zero, false});
  };
  CHECK(is_one(zero));
  CHECK(is_one(q));
  q[0] += 1;
  CHECK_FALSE(is_one(q));
}

// With exponents of 0 what is left to be found out is whether the bases decode.
TEST_CASE("the same bytes are elements to us and to libsodium") {
  const std::vector<limb> zero(4);
  const auto g = G::power_of_generator(G::scalars().reduce(bytes{1}));
  const auto agree = [&](const bytes& encoded) {
    const bool expected = G::decode(encoded).has_value();
    return edwards25519::product_is_one(zero, {encoded, zero, false}, {g.encoded(), zero, true}) ==
               expected &&
           edwards25519::product_is_one(zero, {g.encoded(), zero, false}, {encoded, zero, true}) ==
               expected;
  };
  // What is small, and what is close to p or over it, on both sides of the highest bit.
  for (unsigned small = 0; small < 256; ++small) {
    for (const byte others : {byte{0}, byte{0xff}}) {
      for (const byte mask : {byte{0x7f}, byte{0xff}}) {
        bytes around(32, others);
        around.front() = static_cast<byte>(small);
        around.back() = static_cast<byte>(around.back() & mask);
        if (!agree(around)) FAIL(to_hex(around));
      }
    }
  }
  test::property(
      [&] {
        auto any = *test::bytes_of(32);
        RC_ASSERT(agree(any));
        any.back() &= 0x7fU;
        any.front() &= 0xfeU;
        RC_ASSERT(agree(any));  // one in four of these is one
        const auto x = G::scalars().reduce_to_nonzero(*test::bytes_of(48));
        const auto good = to_bytes(G::power_of_generator(x).encoded());
        RC_ASSERT(agree(good));
        RC_ASSERT(agree(test::damaged(good)));
      },
      300);
}

bytes reversed(bytes x) {
  std::reverse(x.begin(), x.end());
  return x;
}

TEST_CASE("the field is that of the integers modulo 2^255 - 19") {
  bytes p(32, 0xff);
  p.front() = 0x7f;
  p.back() = 0xed;
  const scalar_field reference(p, byte_order::little_endian);
  const auto one = reference.reduce(bytes{1});
  const auto zero = reference.reduce({});
  // Close to the ends of limbs and of the field, and anything.
  const auto any = [&] {
    bytes x(32);
    const auto kind = *rc::gen::inRange(0, 4);
    if (kind == 0) return *test::bytes_of(32);
    if (kind == 1) {
      x.back() = *rc::gen::arbitrary<byte>();
    } else if (kind == 2) {
      std::fill(x.begin(), x.end(), byte{0xff});
      x.back() = *rc::gen::arbitrary<byte>();
    } else {
      const auto bit = *rc::gen::elementOf(
          std::vector<std::size_t>{50, 51, 52, 101, 102, 103, 152, 153, 154, 203, 204, 205, 254});
      for (std::size_t i = 0; i < bit; ++i) {
        x[31 - i / 8] = static_cast<byte>(x[31 - i / 8] | (1U << (i % 8)));
      }
    }
    return x;
  };
  test::property(
      [&] {
        const auto a = reference.reduce(any());
        const auto b = reference.reduce(any());
        const auto encoded = [&](const scalar& x) { return to_hex(reference.encode(x).view()); };
        const auto x = field25519::decode(reference.encode(a).view()).value();
        const auto y = field25519::decode(reference.encode(b).view()).value();
        RC_ASSERT(to_hex(x.encode()) == encoded(a));
        const auto minus_product = reference.respond(zero, a, b, one, one);
        RC_ASSERT(to_hex((field25519(0) - x * y).encode()) == encoded(minus_product));
        const auto difference = reference.respond(a, b, one, one, one);
        RC_ASSERT(to_hex((x - y).encode()) == encoded(difference));
        RC_ASSERT(((x - y) + y - x).is_zero());
        RC_ASSERT((x.squared() - x * x).is_zero());
        // Operands may be sums of four.
        const auto s = x + y + x + y;
        const auto t = y + y + y + y;
        RC_ASSERT((s * t - (x * y + y * y) * field25519(8)).is_zero());
        RC_ASSERT((s.squared() - s * s).is_zero());
        RC_ASSERT((s - t - (x - y) - (x - y)).is_zero());
        RC_ASSERT((field25519(0) - t + t).is_zero());
      },
      500);
  CHECK_FALSE(field25519::decode(reversed(p)).has_value());
  CHECK_FALSE(field25519::decode(bytes(32, 0xff)).has_value());
  CHECK_FALSE(field25519::decode(bytes(31)).has_value());
}

}  // namespace
}  // namespace wardline::crypto
