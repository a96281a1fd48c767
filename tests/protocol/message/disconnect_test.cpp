#include "protocol/message/disconnect.hpp"

#include <map>
#include <set>

#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;

TEST_CASE("a peer learns of a cause what section 9 allows and no more") {
  using reason = disconnect_reason;
  const std::map<errc, reason> told{
      {errc::protocol_error, reason::protocol_error},
      {errc::invalid_encoding, reason::protocol_error},
      {errc::invalid_element, reason::refused},
      {errc::invalid_signature, reason::refused},
      {errc::invalid_tag, reason::refused},
      {errc::wrong_doctor, reason::refused},
      {errc::clock_skew, reason::clock_skew},
      {errc::replayed, reason::refused},
      {errc::busy, reason::busy},
      {errc::authentication_failed, reason::refused},
      {errc::refused, reason::refused},
      {errc::wrong_verifier, reason::refused},
      {errc::token_refused, reason::token_refused},
  };
  for (const auto& [cause, expected] : told) {
    INFO(name(cause));
    CHECK(reason_for_peer(cause) == expected);
  }
}

TEST_CASE("each reason of section 9 has a name of its own") {
  std::set<std::string_view> names;
  for (std::uint16_t i = 1; i <= 11; ++i) names.insert(name(static_cast<disconnect_reason>(i)));
  CHECK(names.size() == 11);
  CHECK(names.count("unknown") == 0);
  CHECK(name(static_cast<disconnect_reason>(0)) == "unknown");
  CHECK(name(static_cast<disconnect_reason>(12)) == "unknown");
}

TEST_CASE("a reason that is not listed decodes and is kept") {
  const auto d = decode<disconnect>(bytes{0xab, 0xcd, 0, 0, 0, 0, 0});
  REQUIRE(d.has_value());
  CHECK(static_cast<std::uint16_t>(d->reason) == 0xabcd);
  CHECK(encode(*d) == bytes{0xab, 0xcd, 0, 0, 0, 0, 0});
}

TEST_CASE("the text of a disconnect is UTF-8") {
  CHECK(decode<disconnect>(bytes{0, 1, 0, 0, 0, 0, 1, 0xff}).error() == errc::invalid_encoding);
}
