#include "common/crypto/kdf.hpp"

#include <stdexcept>

#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::crypto {
namespace {

bytes unhex(std::string_view text) { return from_hex(text).value(); }

bytes counting(byte first, std::size_t size) {
  bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<byte>(first + i);
  return out;
}

std::string mac(byte_view key, std::string_view message) {
  return to_hex(hmac_sha256(key, {as_bytes(message)}).view());
}

std::string mac(byte_view key, byte_view message) { return mac(key, as_text(message)); }

TEST_CASE("HMAC gives the values of RFC 4231") {
  CHECK(mac(bytes(20, 0x0b), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(mac(as_bytes("Jefe"), "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(mac(bytes(20, 0xaa), bytes(50, 0xdd)) ==
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK(mac(counting(1, 25), bytes(50, 0xcd)) ==
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  CHECK(mac(bytes(20, 0x0c), "Test With Truncation").substr(0, 32) ==
        "a3b6167473100ee06e0c796c2955552b");
  CHECK(mac(bytes(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  CHECK(mac(bytes(131, 0xaa),
            "This is a test using a larger than block-size key and a larger than block-size data. "
            "The key needs to be hashed before being used by the HMAC algorithm.") ==
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST_CASE("an empty key and an empty message have an HMAC") {
  CHECK(mac(byte_view(), byte_view()) ==
        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("HMAC and SHA-256 see the concatenation of the parts") {
  const auto key = as_bytes("Jefe");
  const auto parts = hmac_sha256(key, {as_bytes("what do ya "), {}, as_bytes("want for nothing?")});
  CHECK(to_hex(parts.view()) == mac(key, "what do ya want for nothing?"));
  CHECK(sha256({as_bytes("a"), {}, as_bytes("bc")}) == sha256({as_bytes("abc")}));
  // FIPS 180-4.
  CHECK(to_hex(sha256({as_bytes("abc")}).view()) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(sha256({}).view()) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

struct hkdf_case {
  bytes salt;
  bytes ikm;
  bytes info;
  std::string prk;
  std::string okm;
};

TEST_CASE("HKDF gives the values of RFC 5869") {
  const hkdf_case cases[] = {
      {counting(0, 13), bytes(22, 0x0b), counting(0xf0, 10),
       "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
       "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
      {counting(0x60, 80), counting(0, 80), counting(0xb0, 80),
       "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
       "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e"
       "590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
      {bytes{}, bytes(22, 0x0b), bytes{},
       "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
       "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
  };
  for (const auto& c : cases) {
    INFO("okm " << c.okm);
    const auto prk = extract(c.salt, {c.ikm});
    CHECK(to_hex(prk.view()) == c.prk);
    bytes okm(c.okm.size() / 2);
    expand(prk.view(), {}, {c.info}, okm);
    CHECK(to_hex(okm) == c.okm);
    // The label is the front of info, whatever its parts.
    const auto info = as_text(c.info);
    expand(prk.view(), info.substr(0, info.size() / 2),
           {byte_view(c.info).subspan(info.size() / 2), {}}, okm);
    CHECK(to_hex(okm) == c.okm);
  }
}

TEST_CASE("HKDF-Expand ends at 255 blocks") {
  const secret<32> prk;
  bytes most(8160);
  expand(prk.view(), {}, {}, most);
  CHECK(to_hex(byte_view(most).last(16)) == "5fa8278b488140de264dfdae4240739a");
  bytes over(8161);
  test::thrown_by<std::length_error>([&] { expand(prk.view(), {}, {}, over); });
  expand(prk.view(), {}, {}, {});
}

TEST_CASE("a derived secret depends on label and context") {
  const secret<32> prk(std::span<const byte, 32>(unhex(std::string(64, 'a'))));
  const auto value = [&](std::string_view label, byte_view context) {
    return to_hex(expand<32>(prk.view(), label, {context}).view());
  };
  const bytes one{1};
  const bytes two{2};
  CHECK(value("wardline/1 rekey", one) == value("wardline/1 rekey", one));
  CHECK(value("wardline/1 rekey", one) != value("wardline/1 rekey", two));
  CHECK(value("wardline/1 rekey", one) != value("wardline/1 rekez", one));
}

}  // namespace
}  // namespace wardline::crypto
