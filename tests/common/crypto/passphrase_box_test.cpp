#include "common/crypto/passphrase_box.hpp"

#include "tests/support/catch.hpp"

namespace wardline::crypto {
namespace {

// As cheap as Argon2id can be: what is tested is not how long a guess takes.
constexpr passphrase_box::cost cheap{1, 8192};
const byte_view words = as_bytes("correct horse");
const byte_view note = as_bytes("whose");
const byte_view keys = as_bytes("thirty-two secret bytes, or more");

bytes sealed() {
  static system_random random;
  return passphrase_box::seal(words, note, keys, cheap, random);
}

}  // namespace

TEST_CASE("what a passphrase seals opens with it, and with no other") {
  const auto box = sealed();
  CHECK(as_text(box).find("secret bytes") == std::string_view::npos);
  const auto opened = passphrase_box::open(words, box);
  REQUIRE(opened.has_value());
  CHECK(as_text(opened->view()) == as_text(keys));
  CHECK(passphrase_box::open(as_bytes("correct horsf"), box).error() == errc::invalid_tag);
  CHECK(passphrase_box::open({}, box).error() == errc::invalid_tag);
}

TEST_CASE("the note is read without the passphrase") {
  const auto box = sealed();
  CHECK(as_text(passphrase_box::note_of(box).value()) == "whose");
}

TEST_CASE("two boxes of one secret have nothing in common") {
  const auto a = sealed();
  const auto b = sealed();
  CHECK(bytes(a.end() - 32, a.end()) != bytes(b.end() - 32, b.end()));
}

TEST_CASE("a sealed secret with any byte changed, or cut off, does not open") {
  const auto box = sealed();
  for (std::size_t i = 0; i < box.size(); ++i) {
    auto changed = box;
    changed[i] ^= 1U;
    CAPTURE(i);
    // A greater cost is not tried out here; it is the next test's.
    if (i >= 9 && i < 21) continue;
    CHECK_FALSE(passphrase_box::open(words, changed).has_value());
    CHECK_FALSE(passphrase_box::open(words, byte_view(box).first(i)).has_value());
  }
}

TEST_CASE("a box that asks for more than any real one is refused before it is tried") {
  auto box = sealed();
  box[9] = 0xff;  // passes
  CHECK(passphrase_box::open(words, box).error() == errc::invalid_encoding);
  box = sealed();
  box[13] = 0xff;  // memory
  CHECK(passphrase_box::open(words, box).error() == errc::invalid_encoding);
}

TEST_CASE("a box of a newer version is told apart from a damaged one") {
  auto box = sealed();
  box[8] = 2;
  CHECK(passphrase_box::open(words, box).error() == errc::protocol_error);
  CHECK(passphrase_box::note_of(box).error() == errc::protocol_error);
}

}  // namespace wardline::crypto
