#include "common/crypto/identity.hpp"

#include "common/crypto/labels.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::crypto {
namespace {

own_identity make(std::string id, byte seed = 1) {
  byte_array<32> raw{};
  raw[0] = seed;
  return {identity_seed(raw), role::patient, group_id::ristretto255, std::move(id)};
}

TEST_CASE("an id has 1 to 64 characters of its alphabet") {
  CHECK(is_valid_id("a"));
  CHECK(is_valid_id("Dr.House_1@ward-7"));
  CHECK(is_valid_id(std::string(64, 'z')));
  CHECK_FALSE(is_valid_id(""));
  CHECK_FALSE(is_valid_id(std::string(65, 'z')));
  for (int c = 0; c < 256; ++c) {
    const std::string text(1, static_cast<char>(c));
    const std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-";
    INFO("character " << c);
    CHECK(is_valid_id(text) == (alphabet.find(text) != std::string_view::npos));
  }
}

TEST_CASE("an identity with an id outside the alphabet is not made") {
  const auto error = test::thrown_by<failure>([] { make("no good\n"); });
  CHECK(test::contains(error.what(), "no good"));
  CHECK(test::contains(error.hint(), "64"));
}

TEST_CASE("a fingerprint is recognised as digits and as hexadecimal") {
  const auto mine = make("me").own_fingerprint();
  const auto other = make("me", 2).own_fingerprint();
  const auto digits = to_digits(mine);
  CHECK(digits.size() == 12 * 5 + 11);
  std::string packed;
  std::string hyphens;
  for (const char c : digits) {
    if (c != ' ') packed += c;
    hyphens += c == ' ' ? '-' : c;
  }
  auto capitals = to_hex(mine.view());
  for (char& c : capitals) {
    if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
  }
  for (const auto& text : {digits, packed, hyphens, to_hex(mine.view()), capitals}) {
    INFO(text);
    CHECK(is_fingerprint_text(text));
    CHECK(shows(text, mine));
    CHECK_FALSE(shows(text, other));
  }
}

TEST_CASE("what has not the form of a fingerprint shows none") {
  const auto mine = make("me").own_fingerprint();
  const auto digits = to_digits(mine);
  const auto hex = to_hex(mine.view());
  for (const auto& text : {std::string(), std::string("me"), digits.substr(1), digits + "0",
                           hex.substr(2), hex + "00", hex.substr(1), 'g' + hex.substr(1),
                           to_hex(shorten(mine).view()), digits.substr(0, 70) + "x"}) {
    INFO(text);
    CHECK_FALSE(is_fingerprint_text(text));
    CHECK_FALSE(shows(text, mine));
  }
  // The last digit counts.
  auto wrong = digits;
  wrong.back() = wrong.back() == '0' ? '1' : '0';
  CHECK(is_fingerprint_text(wrong));
  CHECK_FALSE(shows(wrong, mine));
}

TEST_CASE("the short fingerprint is the front of the long one") {
  const auto mine = make("me").own_fingerprint();
  CHECK(to_hex(shorten(mine).view()) == to_hex(mine.view()).substr(0, 16));
}

TEST_CASE("an identity is read from the front of what follows it") {
  const auto one = make("first");
  const auto two = make("second", 2);
  bytes both = one.encoded();
  append(both, two.encoded());
  append(both, bytes{7, 8});
  byte_view rest = both;
  CHECK(read_identity(rest).value() == one.public_part());
  CHECK(read_identity(rest).value() == two.public_part());
  CHECK(to_bytes(rest) == bytes{7, 8});
  CHECK(read_identity(rest).error() == errc::invalid_encoding);
}

TEST_CASE("an identity's form is judged before its keys") {
  const auto good = make("me");
  auto bad_key = good.public_part();
  bad_key.y_sig.encoded.assign(32, 0xff);
  auto encoded = encode(bad_key);
  CHECK(decode_identity(encoded).error() == errc::invalid_element);
  byte_view rest = encoded;
  CHECK(read_identity(rest).error() == errc::invalid_element);
  encoded.push_back(0);
  CHECK(decode_identity(encoded).error() == errc::invalid_encoding);
  encoded.resize(encoded.size() - 2);
  CHECK(decode_identity(encoded).error() == errc::invalid_encoding);
}

TEST_CASE("an identity cut short anywhere is refused") {
  const auto encoded = make("me").encoded();
  for (std::size_t size = 0; size < encoded.size(); ++size) {
    INFO(size << " bytes");
    CHECK(decode_identity(byte_view(encoded).first(size)).error() == errc::invalid_encoding);
  }
}

TEST_CASE("an own identity signs and agrees with its own keys") {
  const auto mine = make("me");
  const auto other = make("other", 2);
  test::zero_random random;
  const auto signature = mine.sign(label::self, {as_bytes("text")}, random);
  CHECK(mine.group()
            .verify(mine.public_part().y_sig, label::self, {as_bytes("text")}, signature)
            .has_value());
  CHECK_FALSE(mine.group()
                  .verify(other.public_part().y_sig, label::self, {as_bytes("text")}, signature)
                  .has_value());
  const auto here = mine.dh(other.public_part().y_kem.encoded);
  const auto there = other.dh(mine.public_part().y_kem.encoded);
  REQUIRE(here.has_value());
  REQUIRE(there.has_value());
  CHECK(to_bytes(here->encoded.view()) == to_bytes(there->encoded.view()));
}

}  // namespace
}  // namespace wardline::crypto
