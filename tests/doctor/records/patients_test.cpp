#include "doctor/records/patients.hpp"

#include "tests/doctor/records/home.hpp"

namespace wardline::doctor {
namespace {

using test::direct;
using test::home;
using test::patient;

constexpr unix_ms now = 1'700'000'000'000;

const auto token_a = byte_array<32>{1};
const auto token_b = byte_array<32>{2};

void keep_token(home& at, const std::string& id, byte_view token) {
  at->tokens.keep(id, token, test::secret_of<32>(9), protocol::scope::all, now + 1000, now);
}

delivery_state state_of(home& at, byte id) {
  return at->outbox.summary(test::message(id))->deliveries.at(0).state;
}

}  // namespace

TEST_CASE("an enrolled patient is found again after a restart") {
  home at;
  const auto alice = patient("alice");
  at->patients.enrol(alice, protocol::scope::send_text, now);
  at.restart();
  const auto found = at->patients.find("alice");
  REQUIRE(found);
  CHECK(found->who == alice);
  CHECK(found->key == crypto::fingerprint_of(alice));
  CHECK(found->scopes == protocol::scope::send_text);
  CHECK(found->enrolled_at == now);
  CHECK_FALSE(found->last_seen);
  CHECK_FALSE(at->patients.find("bob"));
  CHECK_FALSE(at->patients.find(""));
}

TEST_CASE("patients are listed by id and counted") {
  home at;
  CHECK(at->patients.count() == 0);
  for (const auto* id : {"carol", "alice", "bob"}) {
    at->patients.enrol(patient(id), protocol::scope::all, now);
  }
  const auto all = at->patients.all();
  REQUIRE(all.size() == 3);
  CHECK(all[0].who.id == "alice");
  CHECK(all[1].who.id == "bob");
  CHECK(all[2].who.id == "carol");
  CHECK(at->patients.ids() == std::vector<std::string>{"alice", "bob", "carol"});
  CHECK(at->patients.count() == 3);
}

TEST_CASE("when a patient was last seen is kept") {
  home at;
  at->patients.enrol(patient("alice"), protocol::scope::all, now);
  at->patients.arrived("alice", now + 3);
  CHECK(at->patients.find("alice")->last_seen == now + 3);
  CHECK_FALSE(at->patients.find("alice")->away_since);
  at->patients.left("alice", now + 5);
  at->patients.left("nobody", now + 5);
  at.restart();
  CHECK(at->patients.find("alice")->last_seen == now + 5);
  CHECK(at->patients.find("alice")->away_since == now + 5);
  at->patients.arrived("alice", now + 6);
  CHECK_FALSE(at->patients.find("alice")->away_since);
  CHECK(at->patients.count() == 1);
}

TEST_CASE("a patient's new device revokes the old one's key and token") {
  home at;
  const auto before = patient("alice", 1);
  const auto after = patient("alice", 2);
  at->patients.enrol(before, protocol::scope::all, now);
  keep_token(at, "alice", token_a);
  at->outbox.accept(direct(test::content(1, "for alice")), {"alice"});

  at->patients.enrol(after, protocol::scope::send_text, now + 1);
  at.restart();
  CHECK(at->patients.count() == 1);
  CHECK(at->patients.find("alice")->who == after);
  CHECK(at->patients.find("alice")->scopes == protocol::scope::send_text);
  CHECK(at->patients.find("alice")->enrolled_at == now + 1);
  CHECK(at->patients.is_revoked(crypto::fingerprint_of(before)));
  CHECK_FALSE(at->patients.is_revoked(crypto::fingerprint_of(after)));
  CHECK_FALSE(at->tokens.find(token_a));
  CHECK(at->outbox.pending("alice", now, 10).size() == 1);  // it is still for alice
}

TEST_CASE("enrolling the same keys again changes the scopes and revokes nothing") {
  home at;
  const auto alice = patient("alice");
  at->patients.enrol(alice, protocol::scope::all, now);
  keep_token(at, "alice", token_a);
  at->patients.enrol(alice, protocol::scope::send_vitals, now + 1);
  CHECK_FALSE(at->patients.is_revoked(crypto::fingerprint_of(alice)));
  CHECK(at->patients.find("alice")->scopes == protocol::scope::send_vitals);
  CHECK(at->patients.find("alice")->enrolled_at == now);
  CHECK(at->tokens.find(token_a));
}

TEST_CASE("a revoked patient is gone, with token and invite, and what was undelivered says so") {
  home at;
  const auto alice = patient("alice");
  at->patients.enrol(alice, protocol::scope::all, now);
  at->patients.enrol(patient("bob"), protocol::scope::all, now);
  keep_token(at, "alice", token_a);
  keep_token(at, "bob", token_b);
  at->invites.create("alice", test::secret_of<16>(1), now, now + 1000);
  for (byte id = 1; id <= 5; ++id) {
    at->outbox.accept(direct(test::content(id, "text", id == 5 ? now : 0)), {"alice"});
  }
  at->outbox.accept(direct(test::content(6, "text")), {"bob"});
  at->outbox.sent(test::message(2), {"alice"}, now);
  at->outbox.receipts({{test::message(3), "alice", protocol::receipt_state::decrypted, now},
                       {test::message(4), "alice", protocol::receipt_state::acknowledged, now}});
  at->outbox.expire(now);

  const auto given_up = at->patients.revoke("alice", now);
  REQUIRE(given_up);
  CHECK(*given_up == std::vector{test::message(1), test::message(2)});
  at.restart();
  CHECK_FALSE(at->patients.find("alice"));
  CHECK(at->patients.is_revoked(crypto::fingerprint_of(alice)));
  CHECK_FALSE(at->tokens.find(token_a));
  CHECK_FALSE(at->invites.find("alice"));
  CHECK(state_of(at, 1) == delivery_state::unreachable);
  CHECK(state_of(at, 2) == delivery_state::unreachable);
  CHECK(state_of(at, 3) == delivery_state::decrypted);
  CHECK(state_of(at, 4) == delivery_state::acknowledged);
  CHECK(state_of(at, 5) == delivery_state::expired);
  CHECK(at->outbox.pending("alice", now, 10).empty());

  CHECK(at->patients.find("bob"));
  CHECK(at->tokens.find(token_b));
  CHECK(state_of(at, 6) == delivery_state::queued);
}

TEST_CASE("a patient who is not enrolled cannot be revoked") {
  home at;
  CHECK_FALSE(at->patients.revoke("alice", now).has_value());
  at->patients.enrol(patient("alice"), protocol::scope::all, now);
  CHECK(at->patients.revoke("alice", now).has_value());
  CHECK_FALSE(at->patients.revoke("alice", now).has_value());
}

TEST_CASE("who is revoked may be enrolled with another key, and what was unreachable stays so") {
  home at;
  at->patients.enrol(patient("alice", 1), protocol::scope::all, now);
  at->outbox.accept(direct(test::content(1, "for the first one")), {"alice"});
  at->patients.revoke("alice", now);
  at->patients.enrol(patient("alice", 2), protocol::scope::all, now);
  CHECK(at->patients.is_revoked(crypto::fingerprint_of(patient("alice", 1))));
  CHECK(at->outbox.pending("alice", now, 10).empty());
  at->outbox.sent(test::message(1), {"alice"}, now);
  CHECK(at->outbox.receipts({{test::message(1), "alice", protocol::receipt_state::decrypted, now}})
            .empty());
  CHECK(state_of(at, 1) == delivery_state::unreachable);
}

TEST_CASE("an identity that was moved to another patient's row is refused") {
  home at;
  at->patients.enrol(patient("alice"), protocol::scope::all, now);
  at->patients.enrol(patient("bob"), protocol::scope::all, now);
  at.tamper(
      "UPDATE patients SET identity = (SELECT identity FROM patients WHERE id = 'bob')"
      " WHERE id = 'alice'");
  const auto e = test::thrown_by<store::error>([&] { (void)at->patients.find("alice"); });
  CHECK(e.kind() == store::error_kind::corrupt);
  CHECK(test::contains(e.what(), "alice"));
  CHECK(at->patients.find("bob"));
}

}  // namespace wardline::doctor
