#include "protocol/session/heartbeat.hpp"

#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using verdict = heartbeat::verdict;

namespace {
constexpr heartbeat::time_point start{};
constexpr seconds interval{30};
}  // namespace

TEST_CASE("a check is sent after heartbeat_s of silence and not before") {
  heartbeat h(interval, start);
  CHECK(h.tick(start + seconds{29}) == verdict::nothing);
  CHECK(h.tick(start + seconds{30}) == verdict::send_check);
  h.heard(start + seconds{30});
  CHECK(h.tick(start + seconds{59}) == verdict::nothing);
  CHECK(h.tick(start + seconds{60}) == verdict::send_check);
}

TEST_CASE("one check is sent for an interval, numbered from 1") {
  heartbeat h(interval, start);
  CHECK(h.next_sequence(start + interval) == 1);
  CHECK(h.tick(start + interval + seconds{29}) == verdict::nothing);
  CHECK(h.tick(start + 2 * interval) == verdict::send_check);
  CHECK(h.next_sequence(start + 2 * interval) == 2);
}

TEST_CASE("three unanswered checks end the connection, an interval after the third") {
  heartbeat h(interval, start);
  auto now = start;
  for (int i = 0; i < 3; ++i) {
    now += interval;
    REQUIRE(h.tick(now) == verdict::send_check);
    h.next_sequence(now);
    CHECK(h.tick(now) == verdict::nothing);
  }
  CHECK(h.tick(now + seconds{29}) == verdict::nothing);
  CHECK(h.tick(now + seconds{30}) == verdict::dead);
}

TEST_CASE("a sign of life after two unanswered checks saves the connection") {
  heartbeat h(interval, start);
  auto now = start;
  for (int i = 0; i < 2; ++i) {
    now += interval;
    h.next_sequence(now);
  }
  h.heard(now + seconds{1});
  for (int i = 0; i < 3; ++i) {
    now += 2 * interval;
    REQUIRE(h.tick(now) == verdict::send_check);
    h.next_sequence(now);
  }
  CHECK(h.tick(now + interval) == verdict::dead);
}

TEST_CASE("a reply counts once, and only for a check that was sent") {
  heartbeat h(interval, start);
  CHECK_FALSE(h.answered(0));
  CHECK_FALSE(h.answered(1));
  h.next_sequence(start);
  h.next_sequence(start);
  h.heard(start);  // the frame with the reply
  CHECK_FALSE(h.answered(3));
  CHECK(h.answered(1));
  CHECK_FALSE(h.answered(1));
  CHECK(h.answered(2));
  CHECK_FALSE(h.answered(1));
}

TEST_CASE("an interval of zero is taken for a second") {
  heartbeat h(seconds{0}, start);
  CHECK(h.tick(start) == verdict::nothing);
  CHECK(h.tick(start + milliseconds{999}) == verdict::nothing);
  CHECK(h.tick(start + seconds{1}) == verdict::send_check);
}
