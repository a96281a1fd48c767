#include "doctor/records/blocks.hpp"

#include "tests/doctor/records/home.hpp"

namespace wardline::doctor {
namespace {

using test::home;
using test::key;

constexpr unix_ms now = 1'700'000'000'000;
constexpr unix_ms minute = 60'000;
constexpr unix_ms hour = 60 * minute;
constexpr unix_ms day = 24 * hour;

bool wrong(home& at, byte k, const std::string& address, unix_ms t) {
  return at->blocks.note_wrong_verifier(key(k), "alice", address, t, t + day);
}

std::int64_t rows(home& at, const std::string& table) {
  return at->database()
      .prepare("SELECT count(*) FROM " + table)
      .first([](const store::row& r) { return r.get<std::int64_t>(0); })
      .value();
}

}  // namespace

TEST_CASE("the operator's block holds everywhere and for ever, until it is lifted") {
  home at;
  at->blocks.block_by_operator(key(1), "alice", now);
  at->blocks.block_by_operator(key(1), "alice", now + 1);
  at.restart();
  CHECK(at->blocks.is_blocked(key(1)));
  CHECK_FALSE(at->blocks.is_blocked(key(2)));
  at->blocks.forget_expired(UINT64_MAX);
  const auto all = at->blocks.all(UINT64_MAX);
  REQUIRE(all.size() == 1);
  CHECK(all[0].key == key(1));
  CHECK(all[0].id == "alice");
  CHECK(all[0].address.empty());
  CHECK(all[0].until == UINT64_MAX);
  CHECK(at->blocks.unblock(key(1)));
  CHECK_FALSE(at->blocks.is_blocked(key(1)));
  CHECK_FALSE(at->blocks.unblock(key(1)));
}

TEST_CASE("the third wrong verifier within an hour blocks that key at that address, nothing else") {
  home at;
  CHECK_FALSE(wrong(at, 1, "10.0.0.1", now));
  CHECK_FALSE(wrong(at, 1, "10.0.0.1", now + minute));
  CHECK_FALSE(at->blocks.is_blocked_at(key(1), "10.0.0.1", now + minute));
  at.restart();  // what was counted counts on
  CHECK(wrong(at, 1, "10.0.0.1", now + 2 * minute));
  at.restart();
  const auto later = now + 3 * minute;
  CHECK(at->blocks.is_blocked_at(key(1), "10.0.0.1", later));
  CHECK_FALSE(at->blocks.is_blocked_at(key(1), "10.0.0.2", later));
  CHECK_FALSE(at->blocks.is_blocked_at(key(2), "10.0.0.1", later));
  CHECK_FALSE(at->blocks.is_blocked(key(1)));
}

TEST_CASE("a block by address ends when its time has come") {
  home at;
  for (int i = 0; i < 3; ++i) wrong(at, 1, "10.0.0.1", now);
  CHECK(at->blocks.is_blocked_at(key(1), "10.0.0.1", now + day - 1));
  CHECK_FALSE(at->blocks.is_blocked_at(key(1), "10.0.0.1", now + day));
  CHECK(at->blocks.all(now + day - 1).size() == 1);
  CHECK(at->blocks.all(now + day).empty());
  at->blocks.forget_expired(now + day - 1);
  CHECK(rows(at, "blocks") == 1);
  at->blocks.forget_expired(now + day);
  CHECK(rows(at, "blocks") == 0);
}

TEST_CASE("after a block it takes three wrong verifiers again") {
  home at;
  for (int i = 0; i < 3; ++i) wrong(at, 1, "10.0.0.1", now);
  CHECK_FALSE(wrong(at, 1, "10.0.0.1", now + minute));
  CHECK_FALSE(wrong(at, 1, "10.0.0.1", now + minute));
  CHECK(wrong(at, 1, "10.0.0.1", now + minute));
  CHECK(at->blocks.all(now + minute).at(0).until == now + minute + day);
}

TEST_CASE("wrong verifiers older than an hour do not count") {
  home at;
  wrong(at, 1, "10.0.0.1", now);
  wrong(at, 1, "10.0.0.1", now + minute);
  CHECK_FALSE(wrong(at, 1, "10.0.0.1", now + hour));
  CHECK(wrong(at, 1, "10.0.0.1", now + hour + minute - 1));
}

TEST_CASE("wrong verifiers at other addresses or of other keys do not count") {
  home at;
  CHECK_FALSE(wrong(at, 1, "10.0.0.1", now));
  CHECK_FALSE(wrong(at, 1, "10.0.0.2", now));
  CHECK_FALSE(wrong(at, 2, "10.0.0.1", now));
  CHECK_FALSE(wrong(at, 1, "10.0.0.1", now));
  CHECK(at->blocks.all(now).empty());
}

TEST_CASE("wrong verifiers noted under a clock that was ahead do not count for ever") {
  home at;
  wrong(at, 1, "10.0.0.1", now + 100 * day);
  wrong(at, 1, "10.0.0.1", now + 100 * day);
  CHECK_FALSE(wrong(at, 1, "10.0.0.1", now));
}

TEST_CASE("lifting a key's block lifts those by address too") {
  home at;
  for (int i = 0; i < 3; ++i) wrong(at, 1, "10.0.0.1", now);
  for (int i = 0; i < 3; ++i) wrong(at, 1, "10.0.0.2", now);
  for (int i = 0; i < 3; ++i) wrong(at, 2, "10.0.0.1", now);
  at->blocks.block_by_operator(key(1), "alice", now);
  CHECK(at->blocks.all(now).size() == 4);
  CHECK(at->blocks.unblock(key(1)));
  const auto left = at->blocks.all(now);
  REQUIRE(left.size() == 1);
  CHECK(left[0].key == key(2));
}

TEST_CASE("a later block never shortens an earlier one") {
  home at;
  const auto block_until = [&](unix_ms until) {
    for (int i = 0; i < 3; ++i) at->blocks.note_wrong_verifier(key(1), "alice", "x", now, until);
    return at->blocks.all(now).at(0).until;
  };
  CHECK(block_until(now + day) == now + day);
  CHECK(block_until(now + hour) == now + day);
  CHECK(block_until(UINT64_MAX) == UINT64_MAX);
  CHECK(block_until(now + day) == UINT64_MAX);
}

TEST_CASE("wrong verifiers from ever new addresses are bounded: the oldest give way") {
  home at;
  wrong(at, 1, "first", now);
  wrong(at, 1, "first", now);
  at.tamper(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 9998)"
      " INSERT INTO wrong_verifiers(key, address, at) SELECT zeroblob(32), i, 0 FROM n");
  CHECK(rows(at, "wrong_verifiers") == 10'000);
  CHECK_FALSE(wrong(at, 1, "last", now));
  CHECK(rows(at, "wrong_verifiers") == 10'000);
  CHECK_FALSE(wrong(at, 1, "first", now));  // one of its two is gone
  CHECK_FALSE(wrong(at, 1, "last", now));
  CHECK(wrong(at, 1, "last", now));
}

TEST_CASE("blocks by address are bounded: the oldest give way, the operator's never") {
  home at;
  at->blocks.block_by_operator(key(9), "mallory", 0);
  at.tamper(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 10000)"
      " INSERT INTO blocks SELECT zeroblob(32), i, 'p', i, NULL FROM n");
  for (int i = 0; i < 3; ++i) wrong(at, 1, "new", now);
  CHECK(rows(at, "blocks") == 10'001);
  CHECK(at->blocks.is_blocked(key(9)));
  CHECK(at->blocks.is_blocked_at(key(1), "new", now));
  CHECK_FALSE(at->blocks.is_blocked_at(key(0), "1", now));
  CHECK(at->blocks.is_blocked_at(key(0), "2", now));
}

TEST_CASE("wrong verifiers of the past are forgotten with the expired blocks") {
  home at;
  wrong(at, 1, "10.0.0.1", now);
  at->blocks.forget_expired(now + hour - 1);
  CHECK(rows(at, "wrong_verifiers") == 1);
  at->blocks.forget_expired(now + hour);
  CHECK(rows(at, "wrong_verifiers") == 0);
}

}  // namespace wardline::doctor
