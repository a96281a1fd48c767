#include "common/crypto/scalar_field.hpp"

#include <stdexcept>

#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::crypto {
namespace {

// A field so small that everything about it can be tried.
constexpr unsigned q = 251;

scalar_field small_field(byte_order order = byte_order::big_endian) {
  const byte modulus = q;
  return {{&modulus, 1}, order};
}

scalar number(const scalar_field& field, unsigned x) {
  const auto wide = big_endian<4>(x);
  return field.reduce(wide);
}

unsigned value(const scalar& x) { return static_cast<unsigned>(x.value.view()[0]); }

TEST_CASE("a wide integer is reduced modulo q") {
  const auto field = small_field();
  for (const unsigned x : {0U, 1U, q - 1, q, q + 1, 65535U, 0xffffffffU}) {
    CHECK(value(number(field, x)) == x % q);
    CHECK(value(field.reduce_to_nonzero(big_endian<4>(x))) == 1 + x % (q - 1));
    CHECK(value(field.reduce_or_one(big_endian<4>(x))) == (x % q == 0 ? 1 : x % q));
  }
  CHECK(field.wide_size() == 17);
  // 2^136 - 1 modulo 251 and, plus one, modulo 250: 2^136 = 211 and 236 there.
  CHECK(value(field.reduce(bytes(17, 0xff))) == 210);
  CHECK(value(field.reduce_to_nonzero(bytes(17, 0xff))) == 236);
  test::thrown_by<std::length_error>([&] { field.reduce(bytes(18, 0)); });
}

TEST_CASE("the response solves the equation of the signature") {
  const auto field = small_field();
  for (unsigned k = 1; k < q; ++k) {
    const unsigned h = (k * 7) % q;
    const unsigned x = (k * 91 + 3) % q;
    const unsigned e = (k * k + 5) % q;
    const unsigned t = 1 + (k * 13) % (q - 1);
    const auto s = value(field.respond(number(field, h), number(field, x), number(field, e),
                                       number(field, k), number(field, t)));
    CHECK(s < q);
    CHECK((s * k + x * e) % q == h);
  }
}

TEST_CASE("a nonce of 0 is a fault and not a signature") {
  const auto field = small_field();
  const auto respond = [&](unsigned k, unsigned t) {
    return field.respond(number(field, 1), number(field, 2), number(field, 3), number(field, k),
                         number(field, t));
  };
  test::thrown_by<std::invalid_argument>([&] { respond(0, 1); });
  test::thrown_by<std::invalid_argument>([&] { respond(1, 0); });
}

TEST_CASE("scalars are encoded in the order of their group") {
  const bytes order = from_hex("010000000000000000000f").value();  // 2^80 + 15
  const scalar_field big(order, byte_order::big_endian);
  const scalar_field little(order, byte_order::little_endian);
  CHECK(big.order() == order);
  CHECK(little.order() == order);
  const auto x = from_hex("0000112233445566778899").value();
  CHECK(to_hex(big.encode(big.reduce(x)).view()) == "0000112233445566778899");
  CHECK(to_hex(little.encode(little.reduce(x)).view()) == "9988776655443322110000");
  CHECK(to_hex(little.encode(little.decode(little.encode(little.reduce(x)).view())).view()) ==
        "9988776655443322110000");
  test::thrown_by<std::length_error>([&] { big.decode(bytes(10)); });
}

TEST_CASE("a received scalar lies between 0 and q") {
  for (const auto order : {byte_order::big_endian, byte_order::little_endian}) {
    const auto field = small_field(order);
    CHECK_FALSE(field.decode_public(bytes{}).has_value());
    CHECK_FALSE(field.decode_public(bytes{0, 1}).has_value());
    CHECK_FALSE(field.decode_public(bytes{0}).has_value());
    CHECK(value(field.decode_public(bytes{1}).value()) == 1);
    CHECK(value(field.decode_public(bytes{q - 1}).value()) == q - 1);
    CHECK_FALSE(field.decode_public(bytes{q}).has_value());
    CHECK_FALSE(field.decode_public(bytes{255}).has_value());
  }
}

}  // namespace
}  // namespace wardline::crypto
