// Section 8, our addition: corrections and cancellations.
#include "protocol/message/amendment.hpp"

#include "protocol/message/broadcast.hpp"
#include "protocol/message/content.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;

namespace {

message_id filled(byte b) {
  message_id out;
  out.value.fill(b);
  return out;
}

content amendment(content_type type, std::string_view text, byte about = 9) {
  return {filled(3), 1, 0, type, priority::urgent, amendment_body(filled(about), text)};
}

errc decoding(const content& c) {
  const auto read = decode<content>(encode(c));
  return read ? errc::ok : to_errc(read.error());
}

}  // namespace

TEST_CASE("a correction is the id of the message that it is about, and what it should say") {
  const auto c = amendment(content_type::correction, "two tablets");
  CHECK(encode(c).size() == 36 + 16 + 11);
  const auto read = decode<content>(encode(c));
  REQUIRE(read.has_value());
  CHECK(read->type == content_type::correction);
  CHECK(read->about() == filled(9));
  CHECK(read->text() == "two tablets");
  CHECK(read->is_amendment());
  CHECK_FALSE(read->is_cancellation());
  CHECK_FALSE(read->is_text());
}

TEST_CASE("a cancellation may say why, or nothing") {
  CHECK(decode<content>(encode(amendment(content_type::cancellation, "")))->text().empty());
  const auto read = decode<content>(encode(amendment(content_type::cancellation, "wrong ward")));
  CHECK(read->is_cancellation());
  CHECK(read->about() == filled(9));
  CHECK(read->text() == "wrong ward");
}

TEST_CASE("an amendment that is about nothing, itself, or says nothing is refused") {
  for (const auto type : {content_type::correction, content_type::cancellation}) {
    CAPTURE(static_cast<int>(type));
    CHECK(decoding(amendment(type, "x")) == errc::ok);
    CHECK(decoding(amendment(type, "\xc3\x28")) == errc::invalid_encoding);  // UTF-8, checked
    CHECK(decoding(amendment(type, "x", 3)) == errc::invalid_encoding);      // about itself
    auto short_one = amendment(type, "");
    for (std::size_t n = 0; n < message_id::size; ++n) {
      short_one.body.resize(n);
      CHECK(decoding(short_one) == errc::invalid_encoding);
      CHECK_FALSE(short_one.about().has_value());
      CHECK(short_one.text().empty());
    }
  }
  CHECK(decoding(amendment(content_type::correction, "")) == errc::invalid_encoding);
}

TEST_CASE("the id in an amendment need not be text") {
  CHECK(decoding(amendment(content_type::correction, "x", 0xff)) == errc::ok);
}

TEST_CASE("there is no type after a cancellation") {
  auto encoded = encode(amendment(content_type::cancellation, "x"));
  constexpr std::size_t type_at = 16 + 8 + 8;
  CHECK(encoded.at(type_at) == 7);
  for (const byte type : {byte{0}, byte{8}, byte{255}}) {
    encoded.at(type_at) = type;
    CHECK(decode<content>(encoded).error() == errc::invalid_encoding);
  }
}

TEST_CASE("amendments are broadcast and redelivered like texts, within the bound of a broadcast") {
  for (const auto type : {content_type::correction, content_type::cancellation}) {
    const auto c = amendment(type, std::string(max_broadcast_body - message_id::size, 'x'));
    const signed_broadcast b{{1, 2, 3}, c, encode(c), bytes(max_signature, 1)};
    const auto body = encode_redelivery(b);
    CHECK(body.size() <= max_content_body);
    const auto read = read_redelivery(body);
    REQUIRE(read.has_value());
    CHECK(read->content.about() == filled(9));

    const auto larger = amendment(type, std::string(max_broadcast_body, 'x'));
    CHECK(read_redelivery(encode_redelivery({{1, 2, 3}, larger, encode(larger), {}})).error() ==
          errc::invalid_encoding);
  }
}
