#include "common/crypto/aead.hpp"

#include <algorithm>

#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"

namespace wardline::crypto {
namespace {

bytes unhex(std::string_view text) { return from_hex(text).value(); }

aes256_gcm cipher_of(std::string_view key) {
  return aes256_gcm(secret<32>(std::span<const byte, 32>(unhex(key))));
}

aes256_gcm::nonce nonce_of(std::string_view text) {
  aes256_gcm::nonce out{};
  const auto raw = unhex(text);
  REQUIRE(raw.size() == out.size());
  std::copy(raw.begin(), raw.end(), out.begin());
  return out;
}

struct known_answer {
  std::string_view key, nonce, plaintext, aad, ciphertext, tag;
};

constexpr std::string_view key_15 =
    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";

// McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", appendix B: test cases 13 to 16.
constexpr known_answer known_answers[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "00000000000000000000000000000000", "", "cea7403d4d606b6e074ec5d3baf39d18",
     "d0d1c8a799996bf0265b98b5d48ab919"},
    {key_15, "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
     "",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
     "b094dac5d93471bdec1a502270e3cc6c"},
    {key_15, "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

TEST_CASE("AES-256-GCM gives the published values") {
  for (const auto& known : known_answers) {
    INFO("tag " << known.tag);
    auto cipher = cipher_of(known.key);
    const auto nonce = nonce_of(known.nonce);
    const auto aad = unhex(known.aad);
    // Twice: the keyed object serves again. And after what is there already.
    for (int i = 0; i < 2; ++i) {
      bytes out{1, 2, 3};
      cipher.seal(nonce, aad, unhex(known.plaintext), out);
      CHECK(to_hex(out) == "010203" + std::string(known.ciphertext) + std::string(known.tag));
      const auto opened = cipher.open(nonce, aad, byte_view(out).subspan(3));
      REQUIRE(opened.has_value());
      CHECK(to_hex(opened->view()) == known.plaintext);
    }
  }
}

struct sealed_message {
  aes256_gcm cipher = cipher_of(key_15);
  aes256_gcm::nonce nonce = nonce_of("cafebabefacedbaddecaf888");
  bytes aad{1, 2, 3, 4};
  bytes sealed;

  sealed_message() { cipher.seal(nonce, aad, as_bytes("what the ward should hear"), sealed); }

  bool opens() { return cipher.open(nonce, aad, sealed).has_value(); }
};

TEST_CASE("a sealed message with any bit changed is refused") {
  sealed_message m;
  REQUIRE(m.opens());
  for (std::size_t bit = 0; bit < 8 * m.sealed.size(); ++bit) {
    INFO("bit " << bit);
    auto changed = m.sealed;
    changed[bit / 8] ^= static_cast<byte>(1U << (bit % 8));
    CHECK(m.cipher.open(m.nonce, m.aad, changed).error() == errc::invalid_tag);
  }
  CHECK(m.opens());
}

TEST_CASE("a sealed message is refused under another nonce, aad or key") {
  sealed_message m;
  auto nonce = m.nonce;
  nonce.back() ^= 1U;
  CHECK(m.cipher.open(nonce, m.aad, m.sealed).error() == errc::invalid_tag);
  CHECK(m.cipher.open(m.nonce, bytes{1, 2, 3}, m.sealed).error() == errc::invalid_tag);
  CHECK(m.cipher.open(m.nonce, {}, m.sealed).error() == errc::invalid_tag);
  auto other = cipher_of(known_answers[0].key);
  CHECK(other.open(m.nonce, m.aad, m.sealed).error() == errc::invalid_tag);
  CHECK(m.opens());
}

TEST_CASE("a sealed message that is cut short or goes on is refused") {
  sealed_message m;
  for (std::size_t size = 0; size < m.sealed.size(); ++size) {
    INFO(size << " bytes");
    CHECK(m.cipher.open(m.nonce, m.aad, byte_view(m.sealed).first(size)).error() ==
          errc::invalid_tag);
  }
  m.sealed.push_back(0);
  CHECK_FALSE(m.opens());
}

TEST_CASE("a cipher that was moved works on") {
  sealed_message m;
  auto cipher = std::move(m.cipher);
  CHECK(cipher.open(m.nonce, m.aad, m.sealed).has_value());
  m.cipher = std::move(cipher);
  CHECK(m.opens());
}

}  // namespace
}  // namespace wardline::crypto
