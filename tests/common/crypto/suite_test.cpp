#include "common/crypto/suite.hpp"

#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/crypto/identity.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

namespace wardline::test {
namespace {

using crypto::group_id;
using crypto::suite_of;

// enc(g).
bytes generator(const group_vectors& group) {
  auto g = hex(group["parameters"].at("g"));
  g.insert(g.begin(), suite_of(group.id).element_size() - g.size(), 0);
  return g;
}

TEST_CASE("groups are found by number and by name, and no others") {
  for (const auto& group : vector_groups()) {
    const auto* const found = crypto::find_suite(static_cast<byte>(group.id));
    REQUIRE(found != nullptr);
    CHECK(found == &suite_of(group.id));
    CHECK(found->id() == group.id);
    CHECK(crypto::group_named(group.name) == group.id);
    CHECK(crypto::name(group.id) == group.name);
  }
  CHECK(crypto::find_suite(0) == nullptr);
  CHECK(crypto::find_suite(5) == nullptr);
  CHECK(crypto::find_suite(255) == nullptr);
  CHECK_FALSE(crypto::group_named("").has_value());
  CHECK_FALSE(crypto::group_named("FFDHE2048").has_value());
  CHECK_FALSE(crypto::group_named("ffdhe8192").has_value());
}

TEST_CASE("two ephemerals agree") {
  crypto::system_random random;
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& s = suite_of(group.id);
    const auto a = s.make_ephemeral(random);
    const auto b = s.make_ephemeral(random);
    const auto ab = s.dh(a, s.public_key(b).encoded);
    const auto ba = s.dh(b, s.public_key(a).encoded);
    REQUIRE(ab.has_value());
    REQUIRE(ba.has_value());
    CHECK(to_bytes(ab->encoded.view()) == to_bytes(ba->encoded.view()));
    CHECK(ab->encoded.size() == s.element_size());
  }
}

TEST_CASE("an ephemeral of zeros becomes 1") {
  zero_random random;
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& s = suite_of(group.id);
    const auto one = s.make_ephemeral(random);
    CHECK(s.public_key(one).encoded == generator(group));
  }
}

TEST_CASE("a dh that ends in the identity is refused") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& s = suite_of(group.id);
    const crypto::kem_private_key zero{secret_bytes(s.scalar_size())};
    const auto outcome = s.dh(zero, hex(group["identities"].at("doctor").at("y_kem")));
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.error() == errc::invalid_element);
  }
}

TEST_CASE("a dh with what is no element is refused") {
  crypto::system_random random;
  for (const auto& group : vector_groups()) {
    const auto& s = suite_of(group.id);
    const auto x = s.make_ephemeral(random);
    for (const auto* vector : group.negative("decode_element")) {
      INFO(group.name << ": " << vector->at("name"));
      const auto outcome = s.dh(x, hex(vector->at("input").at("bytes")));
      REQUIRE_FALSE(outcome.has_value());
      CHECK(outcome.error() == errc::invalid_element);
    }
  }
}

// An exponent a little longer than the short ones must not be cut to one.
TEST_CASE("exponents of every length give powers that agree") {
  for (const auto& group : vector_groups()) {
    if (group.id == group_id::ristretto255) continue;
    const auto& s = suite_of(group.id);
    for (std::size_t bit = 8 * s.short_exponent_size() - 9; bit < 8 * s.short_exponent_size() + 200;
         bit += 8) {
      INFO(group.name << ", 2^" << bit);
      crypto::kem_private_key x{secret_bytes(s.scalar_size())};
      x.scalar.writable()[s.scalar_size() - 1 - bit / 8] = static_cast<byte>(1U << (bit % 8));
      // g^(2x) once by libcrypto from g, and once by libcrypto's square of the table's g^x.
      crypto::kem_private_key one{secret_bytes(s.scalar_size())};
      one.scalar.writable().back() = 1;
      const auto direct = s.dh(x, generator(group));
      const auto by_table = s.dh(one, s.public_key(x).encoded);
      REQUIRE(direct.has_value());
      REQUIRE(by_table.has_value());
      CHECK(to_bytes(direct->encoded.view()) == to_bytes(by_table->encoded.view()));
    }
  }
}

// The tables are made by whichever thread comes first; TSan watches.
TEST_CASE("several threads may use a group at once, from its first use on") {
  for (const auto id : {group_id::ffdhe2048, group_id::ristretto255}) {
    const auto& vector = vectors_of(id)["signatures"].at(0);
    const auto& who = vectors_of(id)["identities"].at("doctor");
    const auto expected = hex(vector.at("signature"));
    const crypto::signature_public_key y{hex(vector.at("y"))};
    REQUIRE(vector.at("m") == "");
    REQUIRE(vector.at("y") == who.at("y_sig"));
    const auto x = hex(who.at("x_sig"));
    const auto ctx = vector.at("ctx").get<std::string>();

    std::vector<int> good(4, 0);  // no assertion of Catch's may be made off the main thread
    std::vector<std::thread> threads;
    for (auto& mine : good) {
      threads.emplace_back([&, id] {
        zero_random zeros;
        crypto::system_random random;
        const auto& s = suite_of(id);
        const crypto::signature_private_key key{secret_bytes(x)};
        const auto a = s.make_ephemeral(random);
        const auto shared = s.dh(a, y.encoded);
        mine += static_cast<int>(s.sign(key, y, ctx, {}, zeros) == expected);
        mine += static_cast<int>(s.verify(y, ctx, {}, expected).has_value());
        mine += static_cast<int>(shared.has_value());
      });
    }
    for (auto& thread : threads) thread.join();
    CHECK(good == std::vector<int>{3, 3, 3, 3});
  }
}

}  // namespace
}  // namespace wardline::test
