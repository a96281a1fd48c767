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
