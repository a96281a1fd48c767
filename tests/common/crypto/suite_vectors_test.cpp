#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/crypto/identity.hpp"
#include "common/crypto/suite.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

// Every known answer on groups, identities and signatures; the file says what each is for.

namespace wardline::test {
namespace {

using crypto::suite;
using crypto::suite_of;

crypto::identity_seed seed_of(const nlohmann::json& identity) {
  return crypto::identity_seed(std::span<const byte, 32>(hex(identity.at("seed"))));
}

crypto::own_identity make_identity(crypto::group_id group, const nlohmann::json& vector) {
  return {seed_of(vector), static_cast<crypto::role>(vector.at("role").get<int>()), group,
          vector.at("id").get<std::string>()};
}

// The private key that belongs to a public one of the section "identities".
crypto::signature_private_key key_behind(const group_vectors& group, const bytes& y) {
  for (const auto& [name, who] : group["identities"].items()) {
    if (hex(who.at("y_sig")) == y) return {secret_bytes(hex(who.at("x_sig")))};
  }
  FAIL("no identity has this key");
  return {};
}

const std::string& text(const nlohmann::json& value) { return value.get_ref<const std::string&>(); }

TEST_CASE("an identity follows from its seed as in the vectors") {
  for (const auto& group : vector_groups()) {
    for (const auto& [name, vector] : group["identities"].items()) {
      INFO(group.name << ", " << name);
      const auto prk =
          crypto::extract(as_bytes("wardline/1 identity seed"), {seed_of(vector).view()});
      const suite& s = suite_of(group.id);
      CHECK(to_hex(s.derive_signature_key(prk).scalar.view()) == text(vector.at("x_sig")));
      CHECK(to_hex(s.derive_kem_key(prk).scalar.view()) == text(vector.at("x_kem")));

      const auto own = make_identity(group.id, vector);
      CHECK(to_hex(own.public_part().y_sig.encoded) == text(vector.at("y_sig")));
      CHECK(to_hex(own.public_part().y_kem.encoded) == text(vector.at("y_kem")));
      CHECK(to_hex(own.encoded()) == text(vector.at("identity")));
      CHECK(to_hex(own.own_fingerprint().view()) == text(vector.at("fingerprint")));
      CHECK(crypto::to_digits(own.own_fingerprint()) == text(vector.at("display")));
      CHECK(crypto::check_public_keys(own.public_part()).has_value());

      const auto decoded = crypto::decode_identity(hex(vector.at("identity")));
      REQUIRE(decoded.has_value());
      CHECK(*decoded == own.public_part());
    }
  }
}

TEST_CASE("the doctor's group secret is that of the vectors") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto own = make_identity(group.id, group["identities"].at("doctor"));
    CHECK(to_hex(own.group_secret().view()) == text(group["group"].at("group_secret")));
  }
}

TEST_CASE("signatures are those of the vectors and verify") {
  for (const auto& group : vector_groups()) {
    const suite& s = suite_of(group.id);
    for (const auto& vector : group["signatures"]) {
      INFO(group.name << ", ctx " << vector.at("ctx") << ", m " << vector.at("m"));
      const crypto::signature_public_key y{hex(vector.at("y"))};
      const auto x = key_behind(group, y.encoded);
      const auto m = hex(vector.at("m"));
      scripted_random random{hex(vector.at("rnd32"))};
      const auto signature = s.sign(x, y, text(vector.at("ctx")), {m}, random);
      CHECK(to_hex(signature) == text(vector.at("signature")));
      CHECK(s.verify(y, text(vector.at("ctx")), {m}, signature).has_value());
    }
  }
}

TEST_CASE("dh is that of the vectors") {
  for (const auto& group : vector_groups()) {
    const suite& s = suite_of(group.id);
    for (const auto& vector : group["dh"]) {
      INFO(group.name << ": " << vector.at("why"));
      const crypto::kem_private_key x{secret_bytes(hex(vector.at("x")))};
      const auto shared = s.dh(x, hex(vector.at("y")));
      REQUIRE(shared.has_value());
      CHECK(to_hex(shared->encoded.view()) == text(vector.at("shared")));
    }
  }
}

TEST_CASE("an ephemeral of the handshake is made from its random bytes") {
  for (const auto& group : vector_groups()) {
    INFO(group.name);
    const auto& a = text(group["handshake"].at("auth_request").at("a"));
    const suite& s = suite_of(group.id);
    // The random bytes are an integer, big-endian in every group, that stays what it is mod q.
    auto exponent = hex(a);
    std::size_t taken = s.short_exponent_size();
    if (group.id == crypto::group_id::ristretto255) {
      exponent.resize(taken = 48);
      std::reverse(exponent.begin(), exponent.end());
    }
    scripted_random random{byte_view(exponent).last(taken)};
    const auto ephemeral = s.make_ephemeral(random);
    CHECK(to_hex(ephemeral.scalar.view()) == a);
    CHECK(to_hex(s.public_key(ephemeral).encoded) ==
          text(group["handshake"].at("auth_request").at("E")));
  }
}

// Runs every negative case of `operation` through `refuse`, which returns the outcome.
template <class Refuse>
void check_negatives(std::string_view operation, Refuse refuse) {
  std::size_t cases = 0;
  for (const auto& group : vector_groups()) {
    for (const auto* vector : group.negative(operation)) {
      INFO(group.name << ": " << vector->at("name"));
      const auto outcome = refuse(suite_of(group.id), vector->at("input"));
      if (!outcome) continue;
      CHECK(name(to_errc(*outcome)) == text(vector->at("error")));
      ++cases;
    }
  }
  CHECK(cases > 0);
}

// The error of a result as a value that is always there.
template <class T>
std::optional<boost::system::error_code> outcome_of(const result<T>& r) {
  return r ? boost::system::error_code{} : r.error();
}

TEST_CASE("every element that must not decode is refused with the error named") {
  check_negatives("decode_element", [](const suite& s, const nlohmann::json& input) {
    return outcome_of(s.check_element(hex(input.at("bytes"))));
  });
}

TEST_CASE("every key that must not be enrolled is refused with the error named") {
  check_negatives("enrol_public_key", [](const suite& s, const nlohmann::json& input) {
    return outcome_of(s.check_public_key(hex(input.at("bytes"))));
  });
}

TEST_CASE("every identity that must not be enrolled is refused with the error named") {
  check_negatives("enrol_identity", [](const suite&, const nlohmann::json& input) {
    const auto who = crypto::decode_identity(hex(input.at("bytes")));
    return outcome_of(who ? crypto::check_public_keys(*who) : who.error());
  });
}

TEST_CASE("every identity that must not decode is refused with the error named") {
  check_negatives(
      "decode",
      [](const suite&, const nlohmann::json& input) -> std::optional<boost::system::error_code> {
        if (input.at("struct") != "identity_struct") return std::nullopt;
        return outcome_of(crypto::decode_identity(hex(input.at("bytes"))));
      });
}

TEST_CASE("every signature that must not verify is refused with the error named") {
  check_negatives("verify", [](const suite& s, const nlohmann::json& input) {
    const auto m = hex(input.at("m"));
    return outcome_of(
        s.verify({hex(input.at("y"))}, text(input.at("ctx")), {m}, hex(input.at("signature"))));
  });
}

}  // namespace
}  // namespace wardline::test
