#include <iterator>

#include <nlohmann/json.hpp>

#include "common/crypto/kdf.hpp"
#include "common/crypto/ristretto255.hpp"
#include "common/crypto/suite.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/common/crypto/third_party/third_party_vectors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/vectors.hpp"

namespace wardline::test {
namespace {

bytes counting(byte first, std::size_t size) {
  bytes out(size);
  for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<byte>(first + i);
  return out;
}

struct hkdf_case {
  bytes salt;
  bytes ikm;
  bytes info;
  std::string prk;
  std::string okm;
};

// Appendix A.1 to A.3: those with SHA-256.
TEST_CASE("HKDF gives the values of RFC 5869", "[vectors]") {
  tally count("RFC 5869, appendix A.1 to A.3");
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
    count.run();
    const auto prk = crypto::extract(c.salt, {c.ikm});
    CHECK(to_hex(prk.view()) == c.prk);
    bytes okm(c.okm.size() / 2);
    crypto::expand(prk.view(), {}, {c.info}, okm);
    CHECK(to_hex(okm) == c.okm);
    // The label is the front of info, whatever its parts.
    const auto info = as_text(c.info);
    crypto::expand(prk.view(), info.substr(0, info.size() / 2),
                   {byte_view(c.info).subspan(info.size() / 2), {}}, okm);
    CHECK(to_hex(okm) == c.okm);
  }
}

// Appendix A.1: B[0] to B[15].
constexpr std::string_view multiples_of_the_generator[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
    "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
    "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
    "da80862773358b466ffadfe0b3293ab3d9fd53c5ea6c955358f568322daf6a57",
    "e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e",
    "f64746d3c92b13050ed8d80236a7f0007c3b3f962f5ba793d19a601ebb1df403",
    "44f53520926ec81fbd5a387845beb7df85a96a24ece18738bdcfa6a7822a176d",
    "903293d8f2287ebe10e2374dc1a53e0bc887e592699f02d077d5263cdd55601c",
    "02622ace8f7303a31cafc63f8fc48fdc16e1c8c8d234b2f0d6685282a9076031",
    "20706fd788b2720a1ed2a5dad4952b01f413bcf0e7564de8cdc816689e2db95f",
    "bce83f8ba5dd2fa572864c24ba1810f9522bc6004afe95877ac73241cafdab42",
    "e4549ee16b9aa03099ca208c67adafcafa4c3f3e4e5303de6026e3ca8ff84460",
    "aa52e000df2e16f55fb1032fc33bc42742dad6bd5a8fc0be0167436c5948501f",
    "46376b80f409b29dc2b5f6f0c52591990896e5716f41477cd30085ab7f10301e",
    "e0c418f7c8d9c4cdd7395b93ea124f3ad99021bb681dfc3302a9d99a2e53e64e",
};

// Appendix A.2.
constexpr std::string_view invalid_encodings[] = {
    // Non-canonical field encodings.
    "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    // Negative field elements.
    "0100000000000000000000000000000000000000000000000000000000000000",
    "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "c34c4e1826e5d403b78e246e88aa051c36ccf0aafebffe137d148a2bf9104562",
    "c940e5a4404157cfb1628b108db051a8d439e1a421394ec4ebccb9ec92a8ac78",
    "47cfc5497c53dc8e61c91d17fd626ffb1c49e2bca94eed052281b510b1117a24",
    "f1c6165d33367351b0da8f6e4511010c68174a03b6581212c71c0e1d026c3c72",
    "87260f7a2f12495118360f02c26a470f450dadf34a413d21042b43b9d93e1309",
    // Non-square x^2.
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
    "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
    "de6a7b00deadc788eb6b6c8d20c0ae96c2f2019078fa604fee5b87d6e989ad7b",
    "bcab477be20861e01e4a0e295284146a510150d9817763caf1a6f4b422d67042",
    "2a292df7e32cababbd9de088d1d1abec9fc0440f637ed2fba145094dc14bea08",
    "f4a9e534fc0d216c44b218fa0c42d99635a0127ee2e53c712f70609649fdff22",
    "8268436f8c4126196cf64b3c7ddbda90746a378625f9813dd9b8457077256731",
    "2810e5cbc2cc4d4eece54f61c6f69758e289aa7ab440b3cbeaa21995c2f4232b",
    // Negative x·y.
    "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
    "a45fdc55c76448c049a1ab33f17023edfb2be3581e9c7aade8a6125215e04220",
    "d483fe813c6ba647ebbfd3ec41adca1c6130c2beeee9d9bf065c8d151c5f396e",
    "8a2e1d30050198c65a54483123960ccc38aef6848e1ec8f5f780e8523769ba32",
    "32888462f8b486c68ad7dd9610be5192bbeaf3b443951ac1a8118419d9fa097b",
    "227142501b9d4355ccba290404bde41575b037693cef1f438c47f8fbf35d1165",
    "5c37cc491da847cfeb9281d407efc41e15144c876e0170b499a96a22ed31e01e",
    "445425117cb8c90edcbc7c1cc0e74f747f2c1efa5630a967c64f287792a48a4b",
    // s = -1, which makes y = 0.
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};
static_assert(std::size(multiples_of_the_generator) == 16 && std::size(invalid_encodings) == 29);

TEST_CASE("ristretto255 gives the multiples of RFC 9496 and takes them back", "[vectors]") {
  tally count("RFC 9496, appendix A.1");
  using crypto::ristretto255;
  byte i = 0;
  for (const auto& multiple : multiples_of_the_generator) {
    INFO("B[" << int{i} << "]");
    count.run();
    const auto encoded = from_hex(multiple).value();
    const auto decoded = ristretto255::decode(encoded);
    if (i == 0) {
      // Section 2: the identity is of no use to anybody honest.
      CHECK(decoded.error() == errc::invalid_element);
    } else {
      REQUIRE(decoded.has_value());
      CHECK(to_hex(decoded->encoded()) == multiple);
      const auto x = ristretto255::scalars().reduce({&i, 1});
      CHECK(to_hex(ristretto255::power_of_generator(x).encoded()) == multiple);
    }
    ++i;
  }
}

TEST_CASE("every encoding that RFC 9496 calls invalid is refused wherever it comes", "[vectors]") {
  tally count("RFC 9496, appendix A.2");
  const auto& suite = crypto::suite_of(crypto::group_id::ristretto255);
  const auto& known = vectors_of(crypto::group_id::ristretto255);
  for (const auto& invalid : invalid_encodings) {
    INFO(invalid);
    count.run();
    const auto encoded = from_hex(invalid).value();
    CHECK(crypto::ristretto255::decode(encoded).error() == errc::invalid_element);
    CHECK(suite.check_element(encoded).error() == errc::invalid_element);
    CHECK(suite.check_public_key(encoded).error() == errc::invalid_element);
    bytes one(suite.scalar_size());
    one.front() = 1;
    CHECK(suite.dh({secret_bytes(one)}, encoded).error() == errc::invalid_element);
    bytes signature = encoded;
    append(signature, one);
    const crypto::signature_public_key y{hex(known["identities"].at("doctor").at("y_sig"))};
    CHECK(suite.verify(y, "wardline/1 self", {}, signature).error() == errc::invalid_signature);
  }
}

// Appendix A.3, elements from uniform bytes, is of no use here: nothing is hashed to the group.

}  // namespace
}  // namespace wardline::test
