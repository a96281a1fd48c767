#include "doctor/records/inbox.hpp"

#include "tests/doctor/records/home.hpp"

namespace wardline::doctor {
namespace {

using test::content;
using test::home;

constexpr unix_ms now = 1'700'000'000'000;

}  // namespace

TEST_CASE("what a patient wrote is there after a restart") {
  home at;
  auto written = content(1, "my head aches");
  written.type = protocol::content_type::consultation_request;
  CHECK(at->inbox.keep("alice", written, now));
  at.restart();
  const auto found = at->inbox.recent(10);
  REQUIRE(found.size() == 1);
  CHECK(found[0].from == "alice");
  CHECK(found[0].received == now);
  CHECK(protocol::encode(found[0].content) == protocol::encode(written));
}

TEST_CASE("a repeated message is kept once for each patient") {
  home at;
  CHECK(at->inbox.keep("alice", content(1, "once"), now));
  CHECK_FALSE(at->inbox.keep("alice", content(1, "once"), now + 1));
  at.restart();
  CHECK_FALSE(at->inbox.keep("alice", content(1, "once"), now + 2));
  CHECK(at->inbox.keep("bob", content(1, "his own"), now + 3));
  CHECK(at->inbox.recent(10).size() == 2);
  CHECK(at->inbox.recent(10).at(1).received == now);
}

TEST_CASE("the inbox shows the newest first, and as many as asked for") {
  home at;
  for (byte i = 1; i <= 5; ++i) at->inbox.keep("alice", content(i, "text"), now - i);
  const auto found = at->inbox.recent(2);
  REQUIRE(found.size() == 2);
  CHECK(found[0].content.id == test::message(5));
  CHECK(found[1].content.id == test::message(4));
  CHECK(at->inbox.recent(0).empty());
  CHECK(at->inbox.recent(SIZE_MAX).size() == 5);
}

TEST_CASE("times beyond what a database can hold come back as the patient sent them") {
  home at;
  auto odd = content(1, "text", UINT64_MAX - 1);
  odd.created = UINT64_MAX;
  CHECK(at->inbox.keep("alice", odd, UINT64_MAX));
  const auto found = at->inbox.recent(1).at(0);
  CHECK(found.content.created == UINT64_MAX);
  CHECK(found.content.expires == UINT64_MAX - 1);
  CHECK(found.received == static_cast<unix_ms>(INT64_MAX));
}

TEST_CASE("a message that was put under another patient's name is refused") {
  home at;
  at->inbox.keep("alice", content(1, "text"), now);
  SECTION("another patient") { at.tamper("UPDATE inbox SET patient = 'bob'"); }
  SECTION("another id") { at.tamper("UPDATE inbox SET id = zeroblob(16)"); }
  SECTION("changed") { at.tamper("UPDATE inbox SET content = CAST(content || x'00' AS BLOB)"); }
  const auto e = test::thrown_by<store::error>([&] { (void)at->inbox.recent(1); });
  CHECK(e.kind() == store::error_kind::corrupt);
  CHECK(test::contains(e.what(), "does not open"));
}

}  // namespace wardline::doctor
