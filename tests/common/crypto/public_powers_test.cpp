#include "common/crypto/public_powers.hpp"

#include "common/crypto/ffdhe.hpp"
#include "tests/support/property.hpp"

namespace wardline::crypto {
namespace {

using G = ffdhe<2048>;
constexpr std::size_t half_bytes = G::element_size / 2;

// -(x·e) - (y·f) mod q
scalar negated_sum(const scalar& x, const scalar& e, const scalar& y, const scalar& f) {
  const auto& field = G::scalars();
  const auto one = field.reduce(bytes{1});
  return field.respond(field.respond(field.reduce({}), x, e, one, one), y, f, one, one);
}

// Half of an exponent: any, or with the bits at which windows are cut.
bytes half_exponent() {
  return *rc::gen::oneOf(test::bytes_of(half_bytes), rc::gen::just(bytes(half_bytes, 0)),
                         rc::gen::just(bytes(half_bytes, 0xff)), rc::gen::exec([] {
                           bytes out(half_bytes);
                           const auto bit = *rc::gen::inRange<std::size_t>(0, 8 * half_bytes);
                           out[bit / 8] = static_cast<byte>(1U << (bit % 8));
                           return out;
                         }));
}

// Bases that are powers of 2 of known exponents: what the product is, the exponents say.
TEST_CASE("a product of powers is one when the exponents cancel, and not otherwise") {
  const public_powers powers(G::group().prime());
  const auto& field = G::scalars();
  test::property(
      [&] {
        const auto x = field.reduce_to_nonzero(*test::bytes_of(field.wide_size()));
        const auto y = field.reduce_to_nonzero(*test::bytes_of(field.wide_size()));
        const auto e = field.reduce(half_exponent());
        const auto f = field.reduce(half_exponent());
        const auto c = negated_sum(x, e, y, f);
        const auto a = G::power_of_generator(x);
        const auto b = G::power_of_generator(y);
        const auto is_one = [&](std::span<const limb> exponent) {
          return powers.product_is_one(exponent, {a.encoded(), e.value.view()},
                                       {b.encoded(), f.value.view()});
        };
        RC_ASSERT(is_one(c.value.view()));
        std::vector<limb> other(c.value.view().begin(), c.value.view().end());
        const auto bit = *rc::gen::inRange<std::size_t>(0, 8 * G::element_size);
        other[bit / limb_bits] ^= limb{1} << (bit % limb_bits);
        RC_ASSERT_FALSE(is_one(other));
      },
      30);
}

TEST_CASE("the exponent of 2 may have as many bits as the prime") {
  const public_powers powers(G::group().prime());
  const bytes one = [] {
    bytes out(G::element_size);
    out.back() = 1;
    return out;
  }();
  const std::vector<limb> zero(limbs_for(G::element_size));
  const auto is_one = [&](std::span<const limb> c) {
    return powers.product_is_one(c, {one, zero}, {one, zero});
  };
  CHECK(is_one(zero));
  // q = (p - 1) / 2 and p - 1 = 2q are multiples of the order of 2.
  std::vector<limb> q(zero.size());
  read_big_endian(G::scalars().order(), q);
  CHECK(is_one(q));
  std::vector<limb> twice(zero.size());
  read_big_endian(G::group().prime(), twice);
  CHECK_FALSE(is_one(twice));
  twice[0] -= 1;
  CHECK(is_one(twice));
}

}  // namespace
}  // namespace wardline::crypto
