#include "doctor/records/amendments.hpp"

#include <algorithm>

#include "protocol/message/amendment.hpp"
#include "tests/doctor/records/home.hpp"

namespace wardline::doctor {
namespace {

using protocol::content_type;
using protocol::receipt_state;
using test::home;
using test::message;

constexpr unix_ms now = 1'700'000'000'000;

using states = std::vector<std::pair<std::string, delivery_state>>;

states states_of(home& at, byte id) {
  states out;
  const auto summary = at->outbox.summary(message(id)).value();
  for (const auto& d : summary.deliveries) out.emplace_back(d.patient_id, d.state);
  return out;
}

void enrol(home& at, const std::vector<std::string>& ids) {
  for (const auto& id : ids) at->patients.enrol(test::patient(id), protocol::scope::all, now);
}

protocol::content about(byte id, byte original, content_type type, const std::string& text = "x") {
  auto c = test::content(id, "");
  c.type = type;
  c.body = protocol::amendment_body(message(original), text);
  return c;
}

amended amend(home& at, byte id, byte original, content_type type, bool queued_too = false) {
  const auto found = at->amendments.find(message(original)).value();
  const auto c = about(id, original, type);
  return at->amendments.accept(found.is_broadcast ? test::broadcast(c) : test::direct(c), found,
                               queued_too);
}

// To alice, who has decrypted it, bob, to whom it was sent, and carol, to whom it was not.
void three_people(home& at) {
  enrol(at, {"alice", "bob", "carol"});
  at->outbox.accept(test::broadcast(test::content(1, "take ten")), {"alice", "bob", "carol"});
  at->outbox.sent(message(1), {"alice", "bob"}, now);
  at->outbox.receipts({{message(1), "alice", receipt_state::decrypted, now}});
}

}  // namespace

TEST_CASE("a correction takes the place of the original for all its recipients") {
  home at;
  three_people(at);
  const auto done = amend(at, 2, 1, content_type::correction);
  at.restart();
  CHECK(done.recipients == std::vector<std::string>{"alice", "bob", "carol"});
  CHECK(done.unreachable.empty());
  CHECK(done.superseded.size() == 2);
  CHECK(states_of(at, 1) == states{{"alice", delivery_state::decrypted},
                                   {"bob", delivery_state::expired},
                                   {"carol", delivery_state::expired}});
  CHECK(states_of(at, 2) == states{{"alice", delivery_state::queued},
                                   {"bob", delivery_state::queued},
                                   {"carol", delivery_state::queued}});
  CHECK(at->outbox.is_over(message(1)));
  CHECK_FALSE(at->outbox.is_over(message(2)));
  CHECK(at->outbox.pending("carol", now, 10) == std::vector{message(2)});

  const auto original = at->outbox.summary(message(1)).value();
  CHECK(original.corrected_by == message(2));
  CHECK_FALSE(original.cancelled_by);
  CHECK_FALSE(original.corrects);
  const auto correction = at->outbox.summary(message(2)).value();
  CHECK(correction.corrects == message(1));
  CHECK(correction.text == "x");
  CHECK_FALSE(correction.corrected_by);
}

TEST_CASE("a cancellation goes to whom the original was sent, and to nobody else") {
  home at;
  three_people(at);
  SECTION("if that is certain") {
    CHECK(amend(at, 2, 1, content_type::cancellation).recipients ==
          std::vector<std::string>{"alice", "bob"});
    REQUIRE(states_of(at, 2).size() == 2);
  }
  SECTION("but to all if it is not") {
    CHECK(amend(at, 2, 1, content_type::cancellation, true).recipients ==
          std::vector<std::string>{"alice", "bob", "carol"});
  }
  CHECK(states_of(at, 1) == states{{"alice", delivery_state::decrypted},
                                   {"bob", delivery_state::expired},
                                   {"carol", delivery_state::expired}});
  CHECK(at->outbox.summary(message(1))->cancelled_by == message(2));
  CHECK(at->outbox.summary(message(2))->cancels == message(1));
  CHECK(at->amendments.find(message(1))->is_cancelled);
}

TEST_CASE("a correction of a correction is one of the original, and takes its place") {
  home at;
  three_people(at);
  amend(at, 2, 1, content_type::correction);
  at->outbox.sent(message(2), {"carol"}, now);

  const auto found = at->amendments.find(message(2)).value();
  CHECK(found.id == message(1));
  const auto done =
      at->amendments.accept(test::broadcast(about(3, 1, content_type::correction)), found, false);
  CHECK(done.recipients.size() == 3);
  CHECK(done.superseded.size() == 3);
  for (const auto& [id, patient] : done.superseded) CHECK(id == message(2));
  CHECK(at->outbox.summary(message(1))->corrected_by == message(3));
  CHECK(at->outbox.summary(message(2))->corrected_by == message(3));
  CHECK_FALSE(at->outbox.summary(message(3))->corrected_by);

  // Carol was never sent the original, but its first correction.
  const auto cancelled = amend(at, 4, 1, content_type::cancellation);
  CHECK(cancelled.recipients == std::vector<std::string>{"alice", "bob", "carol"});
  for (byte id = 1; id <= 3; ++id) {
    CHECK(at->outbox.summary(message(id))->cancelled_by == message(4));
    CHECK(at->outbox.is_over(message(id)));
  }
  CHECK(at->amendments.find(message(3))->is_cancelled);
  CHECK(at->amendments.find(message(4))->is_cancelled);
}

TEST_CASE("a receipt for what was cancelled counts, however late") {
  home at;
  three_people(at);
  amend(at, 2, 1, content_type::cancellation);
  CHECK(at->outbox.receipts({{message(1), "bob", receipt_state::decrypted, now + 1}}).size() == 1);
  CHECK(states_of(at, 1)[1] == std::pair{std::string("bob"), delivery_state::decrypted});
}

TEST_CASE(
    "newcomers get the correction instead of the original, and nothing after a cancellation") {
  home at;
  enrol(at, {"alice"});
  at->outbox.accept(test::broadcast(test::content(1, "take ten")), {"alice"}, true);
  at->outbox.sent(message(1), {"alice"}, now);
  amend(at, 2, 1, content_type::correction);
  enrol(at, {"bob"});
  at->outbox.include("bob", now);
  CHECK_FALSE(at->outbox.is_recipient(message(1), "bob"));
  CHECK(at->outbox.is_recipient(message(2), "bob"));

  CHECK(amend(at, 3, 1, content_type::cancellation).recipients ==
        std::vector<std::string>{"alice"});
  enrol(at, {"carol"});
  at->outbox.include("carol", now);
  for (byte id = 1; id <= 3; ++id) CHECK_FALSE(at->outbox.is_recipient(message(id), "carol"));
}

TEST_CASE("who was revoked since cannot be told, and is named") {
  home at;
  three_people(at);
  at->patients.revoke("alice", now);  // who has read it
  at->patients.revoke("bob", now);    // who has not confirmed it
  enrol(at, {"bob"});                 // somebody else, for all we know
  const auto done = amend(at, 2, 1, content_type::correction);
  CHECK(done.recipients == std::vector<std::string>{"carol"});
  CHECK(done.unreachable == std::vector<std::string>{"alice", "bob"});
  CHECK(states_of(at, 2) == states{{"alice", delivery_state::unreachable},
                                   {"bob", delivery_state::unreachable},
                                   {"carol", delivery_state::queued}});
}

TEST_CASE("what is superseded is neither sent again nor overdue, and the correction is by itself") {
  home at;
  enrol(at, {"alice"});
  at->outbox.accept(test::direct(test::content(1, "take ten")), {"alice"});
  at->outbox.sent(message(1), {"alice"}, now);
  amend(at, 2, 1, content_type::correction);
  CHECK(at->outbox.unconfirmed_since(now + 1).empty());
  CHECK(at->outbox.pending("alice", now, 10) == std::vector{message(2)});
  at->outbox.sent(message(2), {"alice"}, now + 2);
  CHECK(at->outbox.unconfirmed_since(now + 3).size() == 1);
  const auto overdue = at->outbox.take_overdue(now + 3, now + 3);
  REQUIRE(overdue.size() == 1);
  CHECK(overdue[0].message == message(2));
}

TEST_CASE("what is queued is known to be unsent only in the run that accepted it") {
  home at;
  at->outbox.accept(test::direct(test::content(1, "text")), {"alice"});
  CHECK_FALSE(at->amendments.is_of_an_earlier_run(message(1)));
  at.restart();
  CHECK(at->amendments.is_of_an_earlier_run(message(1)));
  at->outbox.accept(test::direct(test::content(2, "text")), {"alice"});
  CHECK_FALSE(at->amendments.is_of_an_earlier_run(message(2)));
}

TEST_CASE("an amendment is accepted wholly or not at all") {
  home at;
  three_people(at);
  at.tamper(
      "CREATE TRIGGER full BEFORE UPDATE OF refers_to ON messages"
      " BEGIN SELECT raise(ABORT, 'full'); END");
  CHECK_THROWS_AS(amend(at, 2, 1, content_type::cancellation), store::error);
  CHECK_FALSE(at->outbox.summary(message(2)));
  CHECK(states_of(at, 1)[1].second == delivery_state::sent);
  CHECK_FALSE(at->outbox.is_over(message(1)));
}

TEST_CASE("there is nothing to amend where there is no message") {
  home at;
  CHECK_FALSE(at->amendments.find(message(1)));
}

}  // namespace wardline::doctor
