#include "protocol/group/doctor_group.hpp"

#include "tests/protocol/group/people.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using test::any_random;

namespace {

constexpr unix_ms start = 1'790'000'000'000;
constexpr unix_ms hour = 3'600'000;

doctor_group new_group() { return {test::the_doctor().group_secret(), any_random()}; }

secret<32> contribution() { return any_random().make_secret<32>(); }

bool same(const secret<32>& a, const secret<32>& b) {
  return to_bytes(a.view()) == to_bytes(b.view());
}

}  // namespace

TEST_CASE("the first members wait for a generation") {
  auto group = new_group();
  CHECK_FALSE(group.has_generation());
  CHECK(group.needs_generation(start));
  CHECK_FALSE(group.join("a", contribution()));
  CHECK_FALSE(group.join("b", contribution()));
  CHECK(group.members() == 2);
  CHECK_THROWS_AS(group.current_key(), std::logic_error);
  CHECK_THROWS_AS(group.take_slot(), std::logic_error);

  group.open_generation(7, start);
  CHECK_FALSE(group.needs_generation(start));
  const auto key = group.current_key();
  CHECK(key.generation == 7);
  CHECK(key.ratchet == 0);
  CHECK(key.next_seq == 0);
}

TEST_CASE("a join moves the ratchet by one and gives the newcomer that step") {
  auto group = new_group();
  group.open_generation(7, start);
  const auto before = group.current_key();
  group.take_slot();
  const auto key = group.join("a", contribution());
  REQUIRE(key);
  CHECK(key->generation == 7);
  CHECK(key->ratchet == 1);
  CHECK(key->next_seq == 1);
  CHECK(same(key->gk, next_chain_key(before.gk)));
  CHECK_FALSE(group.needs_generation(start));
  CHECK(group.take_slot().position == broadcast_position{7, 1, 1});
}

TEST_CASE("whoever leaves makes the group stale until a new generation") {
  auto group = new_group();
  group.join("a", contribution());
  group.join("b", contribution());
  group.open_generation(7, start);

  group.leave("nobody");
  CHECK_FALSE(group.needs_generation(start));
  group.leave("a");
  CHECK(group.needs_generation(start));
  CHECK_THROWS_AS(group.take_slot(), std::logic_error);

  SECTION("one who comes meanwhile is given a key of the stale generation") {
    const auto key = group.join("c", contribution());
    REQUIRE(key);
    CHECK(key->generation == 7);
    CHECK(key->ratchet == 1);
    CHECK(group.needs_generation(start));
  }
  const auto before = group.current_key();
  group.open_generation(8, start);
  CHECK_FALSE(group.needs_generation(start));
  CHECK(group.take_slot().position == broadcast_position{8, 0, 0});
  CHECK_FALSE(same(group.current_key().gk, next_chain_key(before.gk)));
}

TEST_CASE("with the last member a group forgets its key, and whoever comes begins a generation") {
  auto group = new_group();
  group.join("a", contribution());
  group.open_generation(7, start);
  group.leave("a");
  CHECK_FALSE(group.has_generation());
  CHECK_THROWS_AS(group.current_key(), std::logic_error);
  CHECK_FALSE(group.join("b", contribution()));
  CHECK_THROWS_AS(group.open_generation(7, start), std::logic_error);
  group.open_generation(8, start);
  CHECK(group.current_key().generation == 8);
}

TEST_CASE("an id that comes again replaces its contribution and makes the group stale") {
  auto group = new_group();
  group.join("a", contribution());
  group.open_generation(7, start);
  CHECK(group.join("a", contribution()));
  CHECK(group.members() == 1);
  CHECK(group.needs_generation(start));
}

TEST_CASE("a generation ends after an hour") {
  auto group = new_group();
  group.open_generation(7, start);
  CHECK_FALSE(group.needs_generation(start + hour - 1));
  CHECK(group.needs_generation(start + hour));
  CHECK_FALSE(group.needs_generation(start - 1));
  CHECK(group.needs_generation(start - hour));  // the clock was set back
}

TEST_CASE("a generation ends after 2^20 broadcasts") {
  auto group = new_group();
  group.open_generation(7, start);
  for (std::uint64_t i = 0; i + 1 < max_broadcasts_per_generation; ++i) {
    if (group.take_slot().position.seq != i) FAIL("seq " << i);
  }
  CHECK_FALSE(group.needs_generation(start));
  CHECK(group.take_slot().position.seq == 1'048'575);
  CHECK(group.needs_generation(start));
  CHECK_THROWS_AS(group.take_slot(), std::logic_error);
}

TEST_CASE("65,535 joins without a broadcast end a generation, and a broadcast counts anew") {
  auto group = new_group();
  group.open_generation(7, start);
  const auto join_times = [&](int n) {
    for (int i = 0; i < n; ++i) {
      if (!group.join("m" + std::to_string(i % 10), contribution())) FAIL("no key at " << i);
    }
  };
  group.join("m", contribution());
  group.take_slot();
  // Ten ids in turn: what is counted is joins, not members. Each coming again makes it stale, so
  // the bound is seen in whether a newcomer is still given a key.
  join_times(65'535);
  CHECK(group.needs_generation(start));
  CHECK_FALSE(group.join("one too many", contribution()));
  group.open_generation(8, start);
  CHECK(group.join("next", contribution()));
  CHECK_FALSE(group.needs_generation(start));
}

TEST_CASE("a generation's number is never used twice") {
  auto group = new_group();
  group.open_generation(7, start);
  CHECK_THROWS_AS(group.open_generation(7, start), std::logic_error);
  CHECK_THROWS_AS(group.open_generation(6, start), std::logic_error);

  CHECK(doctor_group::next_generation_number(0, start) == 1'790'000'000);
  CHECK(doctor_group::next_generation_number(1'789'999'999, start) == 1'790'000'000);
  CHECK(doctor_group::next_generation_number(1'790'000'000, start) == 1'790'000'001);
  CHECK(doctor_group::next_generation_number(2'000'000'000, start) == 2'000'000'001);
  CHECK(doctor_group::next_generation_number(0xfffffffe, start) == 0xffffffff);
  CHECK_THROWS_AS(doctor_group::next_generation_number(0xffffffff, start), failure);
  CHECK_THROWS_AS(doctor_group::next_generation_number(0, UINT64_MAX), failure);
}

TEST_CASE("a generation's key is fresh even for the same members") {
  auto group = new_group();
  group.open_generation(7, start);
  const auto first = group.current_key();
  group.open_generation(8, start);
  CHECK_FALSE(same(first.gk, group.current_key().gk));
}

TEST_CASE("a check tells the group's state") {
  auto group = new_group();
  check c{true, 5, 9, 9, 9};
  group.describe(c);
  CHECK(c.generation == 0);
  CHECK(c.ratchet == 0);
  CHECK(c.next_seq == 0);
  group.open_generation(7, start);
  group.join("a", contribution());
  group.take_slot();
  group.take_slot();
  group.describe(c);
  CHECK(c.is_reply);
  CHECK(c.sequence == 5);
  CHECK(c.generation == 7);
  CHECK(c.ratchet == 1);
  CHECK(c.next_seq == 2);
}
