#include <algorithm>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "common/crypto/aead.hpp"
#include "common/crypto/constant_time.hpp"
#include "common/crypto/kdf.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/common/crypto/third_party/third_party_vectors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"
#include "tests/support/vectors.hpp"

namespace wardline::test {
namespace {

using crypto::aes256_gcm;

TEST_CASE("AES-256-GCM does what Wycheproof says", "[vectors]") {
  tally count("Wycheproof AES-GCM");
  const auto file = wycheproof("aes_gcm_test.json", count);
  if (!file) return;
  for (const auto& group : file->at("testGroups")) {
    // Ours has keys of 256 bits, nonces of 96 and tags of 128, and no others.
    if (group.at("keySize") != 256 || group.at("ivSize") != 96 || group.at("tagSize") != 128) {
      count.skip(group.at("tests").size());
      continue;
    }
    for (const auto& one : group.at("tests")) {
      INFO("tcId " << one.at("tcId") << ", " << one.at("flags"));
      count.run();
      aes256_gcm cipher(secret<32>(std::span<const byte, 32>(hex(one.at("key")))));
      aes256_gcm::nonce nonce{};
      const auto iv = hex(one.at("iv"));
      REQUIRE(iv.size() == nonce.size());
      std::copy(iv.begin(), iv.end(), nonce.begin());
      const auto aad = hex(one.at("aad"));
      const auto plaintext = hex(one.at("msg"));
      auto sealed = hex(one.at("ct"));
      append(sealed, hex(one.at("tag")));

      const auto opened = cipher.open(nonce, aad, sealed);
      bytes ours;
      cipher.seal(nonce, aad, plaintext, ours);
      if (is_valid(one)) {
        REQUIRE(opened.has_value());
        CHECK(to_hex(opened->view()) == to_hex(plaintext));
        CHECK(to_hex(ours) == to_hex(sealed));
      } else {
        CHECK(opened.error() == errc::invalid_tag);
        CHECK(to_hex(ours) != to_hex(sealed));
      }
    }
  }
  CHECK(count.total() == file->at("numberOfTests").get<std::size_t>());
}

TEST_CASE("HKDF-SHA-256 does what Wycheproof says", "[vectors]") {
  tally count("Wycheproof HKDF-SHA-256");
  const auto file = wycheproof("hkdf_sha256_test.json", count);
  if (!file) return;
  for (const auto& group : file->at("testGroups")) {
    for (const auto& one : group.at("tests")) {
      INFO("tcId " << one.at("tcId") << ", " << one.at("flags"));
      count.run();
      const auto prk = crypto::extract(hex(one.at("salt")), {hex(one.at("ikm"))});
      const auto info = hex(one.at("info"));
      bytes okm(one.at("size").get<std::size_t>());
      if (is_valid(one)) {
        crypto::expand(prk.view(), {}, {info}, okm);
        CHECK(to_hex(okm) == one.at("okm").get<std::string>());
      } else {
        // What is invalid here is a length that HKDF does not have.
        CHECK(one.at("flags").at(0).get<std::string>() == "SizeTooLarge");
        thrown_by<std::length_error>([&] { crypto::expand(prk.view(), {}, {info}, okm); });
      }
    }
  }
  CHECK(count.total() == file->at("numberOfTests").get<std::size_t>());
}

TEST_CASE("HMAC-SHA-256 does what Wycheproof says", "[vectors]") {
  tally count("Wycheproof HMAC-SHA-256");
  const auto file = wycheproof("hmac_sha256_test.json", count);
  if (!file) return;
  for (const auto& group : file->at("testGroups")) {
    // Nothing of ours shortens a MAC.
    if (group.at("tagSize") != 256) {
      count.skip(group.at("tests").size());
      continue;
    }
    for (const auto& one : group.at("tests")) {
      INFO("tcId " << one.at("tcId") << ", " << one.at("flags"));
      count.run();
      const auto mac = crypto::hmac_sha256(hex(one.at("key")), {hex(one.at("msg"))});
      CHECK(crypto::equal_in_constant_time(mac.view(), hex(one.at("tag"))) == is_valid(one));
    }
  }
  CHECK(count.total() == file->at("numberOfTests").get<std::size_t>());
}

}  // namespace
}  // namespace wardline::test
