#include "tests/common/crypto/third_party/cryptopp_vectors.hpp"

#include <algorithm>

#include "common/crypto/aead.hpp"
#include "common/crypto/kdf.hpp"
#include "common/crypto/sha256.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"

// Of what Debian ships with Crypto++ the parts that we use. The library's own test runs these on
// the library; here they are put to our functions over it.

namespace wardline::test {
namespace {

using crypto::aes256_gcm;

TEST_CASE("AES-256-GCM gives the values that come with Crypto++", "[vectors]") {
  tally count("Crypto++ gcm.txt");
  const auto cases = cryptopp_vectors("gcm.txt", count);
  if (!cases) return;
  REQUIRE_FALSE(cases->empty());
  for (const auto& one : *cases) {
    const auto key = one.value("Key");
    const auto iv = one.value("IV");
    const auto tag = one.value("MAC");
    INFO("MAC " << one.text("MAC"));
    if (one.text("Name") != "AES/GCM" || one.text("Test") != "Encrypt" || key.size() != 32 ||
        iv.size() != aes256_gcm::nonce_size || tag.size() != aes256_gcm::tag_size) {
      count.skip();
      continue;
    }
    count.run();
    aes256_gcm cipher{secret<32>(std::span<const byte, 32>(key))};
    aes256_gcm::nonce nonce{};
    std::copy(iv.begin(), iv.end(), nonce.begin());
    auto sealed = one.value("Ciphertext");
    append(sealed, tag);
    bytes ours;
    cipher.seal(nonce, one.value("Header"), one.value("Plaintext"), ours);
    CHECK(to_hex(ours) == to_hex(sealed));
    const auto opened = cipher.open(nonce, one.value("Header"), sealed);
    REQUIRE(opened.has_value());
    CHECK(to_hex(opened->view()) == to_hex(one.value("Plaintext")));
    sealed.back() ^= 1U;
    CHECK(cipher.open(nonce, one.value("Header"), sealed).error() == errc::invalid_tag);
  }
}

TEST_CASE("HMAC-SHA-256 gives the values that come with Crypto++", "[vectors]") {
  tally count("Crypto++ hmac.txt");
  const auto cases = cryptopp_vectors("hmac.txt", count);
  if (!cases) return;
  REQUIRE_FALSE(cases->empty());
  for (const auto& one : *cases) {
    // Nothing of ours shortens a MAC ("VerifyTruncated").
    if (one.text("Name") != "HMAC(SHA-256)" || one.text("Test") != "Verify") {
      count.skip();
      continue;
    }
    INFO(one.text("Comment"));
    count.run();
    const auto mac = crypto::hmac_sha256(one.value("Key"), {one.value("Message")});
    CHECK(to_hex(mac.view()) == to_hex(one.value("MAC")));
  }
}

TEST_CASE("HKDF-SHA-256 gives the values that come with Crypto++", "[vectors]") {
  tally count("Crypto++ hkdf.txt");
  const auto cases = cryptopp_vectors("hkdf.txt", count);
  if (!cases) return;
  REQUIRE_FALSE(cases->empty());
  for (const auto& one : *cases) {
    if (one.text("Name") != "HKDF(SHA-256)" || one.text("Test") != "Verify") {
      count.skip();
      continue;
    }
    INFO(one.text("Comment"));
    count.run();
    const auto prk = crypto::extract(one.value("Salt"), {one.value("Secret")});
    bytes okm(std::stoul(one.text("DerivedKeyLength")));
    crypto::expand(prk.view(), {}, {one.value("Info")}, okm);
    CHECK(to_hex(okm) == to_hex(one.value("DerivedKey")));
  }
}

TEST_CASE("SHA-256 gives the values that come with Crypto++", "[vectors]") {
  tally count("Crypto++ sha2_256_fips_180.txt");
  const auto cases = cryptopp_vectors("sha2_256_fips_180.txt", count);
  if (!cases) return;
  REQUIRE_FALSE(cases->empty());
  for (const auto& one : *cases) {
    INFO(one.text("Comment"));
    REQUIRE(one.text("Name") == "SHA-256");
    REQUIRE(one.text("Test") == "Verify");
    count.run();
    CHECK(to_hex(crypto::sha256({one.value("Message")}).view()) == to_hex(one.value("Digest")));
  }
}

}  // namespace
}  // namespace wardline::test
