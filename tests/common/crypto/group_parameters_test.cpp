#include <nlohmann/json.hpp>

#include "common/crypto/exponentiation.hpp"
#include "common/crypto/ffdhe.hpp"
#include "common/crypto/ristretto255.hpp"
#include "common/crypto/sha256.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/primality.hpp"
#include "tests/support/vectors.hpp"

namespace wardline::test {
namespace {

using crypto::ffdhe;
using crypto::ristretto255;

// Big-endian integers of fixed length.
bytes half(bytes x) {
  for (std::size_t i = x.size(); i-- > 0;) {
    x[i] = static_cast<byte>((x[i] >> 1U) | (i == 0 ? 0 : x[i - 1] << 7U));
  }
  return x;
}

bytes small(byte value, std::size_t size) {
  bytes out(size);
  out.back() = value;
  return out;
}

// base^x mod m, by libcrypto and not by the tables that the group uses.
bytes power(byte base, const bytes& x, const bytes& modulus) {
  return crypto::exponentiation(modulus).product_of_powers(small(base, modulus.size()), x,
                                                           small(1, modulus.size()), small(0, 1));
}

bool is_multiple_of_three(const bytes& n) {
  unsigned remainder = 0;
  for (const byte b : n) remainder = (remainder * 256 + b) % 3;
  return remainder == 0;
}

const nlohmann::json& parameters(crypto::group_id id) { return vectors_of(id)["parameters"]; }

// The first element that the scalar `x` makes.
template <class G>
std::string power_of_generator(byte x) {
  return to_hex(G::power_of_generator(G::scalars().reduce(byte_view(&x, 1))).encoded());
}

TEMPLATE_TEST_CASE("the primes are those of RFC 7919 and g is of order q", "", ffdhe<2048>,
                   ffdhe<3072>, ffdhe<4096>) {
  const nlohmann::json& known = parameters(TestType::id);
  const auto p = to_bytes(TestType::group().prime());
  const auto q = TestType::scalars().order();
  const auto g = small(2, p.size());

  CHECK(to_hex(p) == known.at("p"));
  CHECK(to_hex(q) == known.at("q"));
  CHECK(to_hex(crypto::sha256({p}).view()) == known.at("sha256_p"));
  CHECK(known.at("g") == "02");
  CHECK(power_of_generator<TestType>(1) == to_hex(g));

  // p = 2q + 1.
  CHECK(half(p) == q);
  CHECK(p.back() % 2 == 1);
  CHECK(is_probable_prime(q));
  // With q prime, this proves p prime (Pocklington: g^(p-1) = 1 and g^2 - 1 = 3 has no factor in
  // common with p), and g, which is not 1, of order q.
  CHECK(power(2, q, p) == small(1, p.size()));
  CHECK_FALSE(is_multiple_of_three(p));
}

TEST_CASE("the test for primes finds a number that is none") {
  CHECK_FALSE(is_probable_prime(from_hex("011f").value()));  // 7 · 41
  CHECK(is_probable_prime(from_hex("0233").value()));
  // 2^61 - 1 is prime, and 2^67 - 1 is not (Cole, 1903); nor is (2^61 - 1)^2.
  CHECK(is_probable_prime(from_hex("1fffffffffffffff").value()));
  CHECK_FALSE(is_probable_prime(from_hex("07ffffffffffffffff").value()));
  CHECK_FALSE(is_probable_prime(from_hex("03ffffffffffffffc000000000000001").value()));
}

TEST_CASE("the multiples of the generator are those of RFC 9496") {
  byte i = 0;
  for (const auto& multiple : vectors_of(crypto::group_id::ristretto255)["generator_multiples"]) {
    CHECK(power_of_generator<ristretto255>(++i) == multiple);
  }
  CHECK(i == 15);
  const auto& known = parameters(crypto::group_id::ristretto255);
  CHECK(to_hex(ristretto255::scalars().order()) == known.at("q"));
  CHECK(power_of_generator<ristretto255>(1) == known.at("g"));
}

TEMPLATE_TEST_CASE("sizes are those of section 2", "", ffdhe<2048>, ffdhe<3072>, ffdhe<4096>,
                   ristretto255) {
  const nlohmann::json& known = parameters(TestType::id);
  const auto& suite = crypto::suite_of(TestType::id);
  CHECK(suite.id() == TestType::id);
  CHECK(suite.name() == known.at("name").get<std::string>());
  CHECK(suite.element_size() == known.at("element_bytes"));
  CHECK(suite.scalar_size() == known.at("scalar_bytes"));
  CHECK(suite.short_exponent_size() == known.at("short_exponent_bytes"));
  CHECK(suite.signature_size() == suite.element_size() + suite.scalar_size());
}

}  // namespace
}  // namespace wardline::test
