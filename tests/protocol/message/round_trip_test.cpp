// Every message that is a plain list of fields: what is encoded decodes to the same bytes, and
// nothing shorter or longer does.
#include "protocol/message/check.hpp"
#include "protocol/message/content.hpp"
#include "protocol/message/disconnect.hpp"
#include "protocol/message/group_key.hpp"
#include "protocol/message/receipt.hpp"
#include "protocol/message/resume.hpp"
#include "protocol/message/session_token.hpp"
#include "protocol/message/verifier.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;

namespace {

template <class Fixed>
Fixed filled(byte b) {
  Fixed out;
  out.value.fill(b);
  return out;
}

template <class Message>
void check_round_trip(const Message& m, std::size_t expected_size) {
  const bytes encoded = encode(m);
  CHECK(encoded.size() == expected_size);
  const auto decoded = decode<Message>(encoded);
  REQUIRE(decoded.has_value());
  CHECK(encode(*decoded) == encoded);
  for (std::size_t n = 0; n < encoded.size(); ++n) {
    CHECK(decode<Message>(byte_view(encoded).first(n)).error() == errc::invalid_encoding);
  }
  bytes longer = encoded;
  longer.push_back(0);
  CHECK(decode<Message>(longer).error() == errc::invalid_encoding);
}

content text_content(std::string_view body) {
  return {filled<message_id>(3),   1, 2, content_type::text, priority::urgent,
          to_bytes(as_bytes(body))};
}

}  // namespace

TEST_CASE("check reads back as it was written") {
  check_round_trip(check{true, 0x0102030405060708, 7, 8, 9}, 1 + 8 + 4 + 4 + 8);
}

TEST_CASE("content reads back as it was written") {
  check_round_trip(text_content("gr\xc3\xbc\xc3\x9f Gott"), 36 + 11);
  check_round_trip(text_content(""), 36);
}

TEST_CASE("disconnect reads back as it was written") {
  check_round_trip(disconnect{disconnect_reason::busy, 5, "later"}, 2 + 4 + 1 + 5);
}

TEST_CASE("group_key reads back as it was written") {
  const auto gk = filled<fixed_bytes<struct gk_tag, 32>>(9);
  check_round_trip(group_key{1, 2, 3, secret<32>(gk.view())}, 4 + 4 + 8 + 32);
}

TEST_CASE("receipt reads back as it was written") {
  check_round_trip(
      receipt{filled<message_id>(1), 2, receipt_state::acknowledged, filled<receipt_proof>(4)},
      16 + 8 + 1 + 32);
}

TEST_CASE("resume_request and resume_response read back as they were written") {
  check_round_trip(
      resume_request{bytes(512, 7), 1, filled<handshake_nonce>(2), filled<binder_mac>(3)},
      2 + 512 + 8 + 32 + 32);
  check_round_trip(resume_response{1, filled<handshake_nonce>(2), filled<resume_mac>(3)},
                   8 + 32 + 32);
}

TEST_CASE("session_token reads back as it was written") {
  check_round_trip(session_token{bytes(32, 7), filled<token_nonce>(2), 3, scope::all, 30},
                   2 + 32 + 16 + 8 + 4 + 2);
}

TEST_CASE("verifier reads back as it was written") {
  check_round_trip(verifier{1, filled<verifier_mac>(2)}, 8 + 32);
}

TEST_CASE("a content of 60,000 bytes fits and one more does not") {
  auto c = text_content(std::string(max_content_body, 'x'));
  CHECK(decode<content>(encode(c)).has_value());
  c.body.push_back('x');
  CHECK_THROWS_AS(encode(c), std::length_error);
}

TEST_CASE("texts are UTF-8, vitals and redeliveries are whatever they are") {
  auto c = text_content("\xff");
  for (const auto& [type, is_text] :
       {std::pair{content_type::text, true}, std::pair{content_type::vitals, false},
        std::pair{content_type::consultation_request, true},
        std::pair{content_type::consultation_answer, true},
        std::pair{content_type::redelivered_broadcast, false}}) {
    c.type = type;
    CAPTURE(static_cast<int>(type));
    CHECK(c.is_text() == is_text);
    CHECK(decode<content>(encode(c)).has_value() == !is_text);
  }
}
