#include "common/crypto/elgamal.hpp"

#include <nlohmann/json.hpp>

#include "common/crypto/ffdhe.hpp"
#include "common/crypto/ristretto255.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

namespace wardline::test {
namespace {

using crypto::ffdhe;
using crypto::ristretto255;
using crypto::scalar;
namespace elgamal = crypto::elgamal;

const std::string& text(const nlohmann::json& value) { return value.get_ref<const std::string&>(); }

template <class G>
std::string encoded(const scalar& x) {
  return to_hex(G::scalars().encode(x).view());
}

TEMPLATE_TEST_CASE("every step of a signature is that of the vectors", "", ffdhe<2048>, ffdhe<3072>,
                   ffdhe<4096>, ristretto255) {
  using G = TestType;
  const auto& group = vectors_of(G::id);
  std::size_t signers = 0;
  for (const auto& vector : group["signatures"]) {
    for (const auto& who : group["identities"]) {
      if (who.at("y_sig") != vector.at("y")) continue;
      ++signers;
      const auto& ctx = text(vector.at("ctx"));
      INFO(group.name << ", ctx " << ctx << ", m " << vector.at("m"));
      const auto y = hex(vector.at("y"));
      const auto m = hex(vector.at("m"));
      const byte_view message[] = {m};
      scripted_random random{hex(vector.at("rnd32"))};
      const auto x = G::scalars().decode(hex(who.at("x_sig")));

      const auto nonce =
          elgamal::make_nonce<G>(random.make_secret<32>(), x, ctx, crypto::sha256({m}));
      CHECK(encoded<G>(nonce.k) == text(vector.at("k")));
      CHECK(encoded<G>(nonce.t) != text(vector.at("k")));
      const auto r = G::power_of_generator(nonce.k);
      CHECK(to_hex(r.encoded()) == text(vector.at("R")));
      const auto e = elgamal::make_e<G>(r.encoded());
      CHECK(encoded<G>(e) == text(vector.at("e")));
      const auto h = elgamal::make_h<G>(y, r.encoded(), ctx, message);
      CHECK(encoded<G>(h) == text(vector.at("h")));
      CHECK(encoded<G>(G::scalars().respond(h, x, e, nonce.k, nonce.t)) == text(vector.at("s")));
      // What blinds the inversion has no influence on s.
      CHECK(encoded<G>(G::scalars().respond(h, x, e, nonce.k, x)) == text(vector.at("s")));
    }
  }
  CHECK(signers == group["signatures"].size());
}

TEMPLATE_TEST_CASE("a message may come in parts", "", ffdhe<2048>, ristretto255) {
  const auto& suite = crypto::suite_of(TestType::id);
  const auto& vector = vectors_of(TestType::id)["signatures"].at(1);
  const crypto::signature_public_key y{hex(vector.at("y"))};
  const auto m = hex(vector.at("m"));
  const auto signature = hex(vector.at("signature"));
  const auto& ctx = text(vector.at("ctx"));
  const byte_view whole(m);
  REQUIRE(m.size() == 3);
  CHECK(suite.verify(y, ctx, {whole.first(1), whole.subspan(1)}, signature).has_value());
  CHECK(suite.verify(y, ctx, {byte_view(), whole, byte_view()}, signature).has_value());
  CHECK_FALSE(suite.verify(y, ctx, {whole.subspan(1), whole.first(1)}, signature).has_value());
}

TEMPLATE_TEST_CASE("a signature takes 32 bytes of randomness and depends on them", "", ffdhe<2048>,
                   ristretto255) {
  const auto& suite = crypto::suite_of(TestType::id);
  const auto& who = vectors_of(TestType::id)["identities"].at("doctor");
  const crypto::signature_private_key x{secret_bytes(hex(who.at("x_sig")))};
  const crypto::signature_public_key y{hex(who.at("y_sig"))};
  const auto message = as_bytes("a message");
  scripted_random one(bytes(32, 1));
  scripted_random same(bytes(32, 1));
  scripted_random other(bytes(32, 2));
  const auto first = suite.sign(x, y, "wardline/1 self", {message}, one);
  CHECK(suite.sign(x, y, "wardline/1 self", {message}, same) == first);
  const auto second = suite.sign(x, y, "wardline/1 self", {message}, other);
  CHECK_FALSE(std::equal(first.begin(), first.begin() + TestType::element_size, second.begin()));
  CHECK(suite.verify(y, "wardline/1 self", {message}, second).has_value());
}

TEMPLATE_TEST_CASE("a signature with any byte changed is refused", "", ffdhe<2048>, ristretto255) {
  const auto& suite = crypto::suite_of(TestType::id);
  const auto& vector = vectors_of(TestType::id)["signatures"].at(0);
  const crypto::signature_public_key y{hex(vector.at("y"))};
  const auto signature = hex(vector.at("signature"));
  for (std::size_t i = 0; i < signature.size(); i += signature.size() / 16) {
    INFO("byte " << i);
    auto changed = signature;
    changed[i] ^= 1U;
    const auto outcome = suite.verify(y, text(vector.at("ctx")), {}, changed);
    CHECK(outcome.error() == errc::invalid_signature);
  }
}

}  // namespace
}  // namespace wardline::test
