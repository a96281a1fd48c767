// Strangers, and patients, who say that they are somebody else: the one whose name they use is
// never blocked, never disconnected, never replaced.
#include "tests/support/catch.hpp"
#include "tests/support/counts.hpp"
#include "tests/system/adversary/primitives.hpp"
#include "tests/system/adversary/visitor.hpp"
#include "tests/system/adversary/ward.hpp"

namespace wardline::test::adversary {
namespace {

constexpr auto elsewhere = "127.0.0.66";

octets frame_of_request(visitor& who, const std::function<void(request_parts&)>& fault = {}) {
  return sign_in(who.keys, *who.doctor, fresh_request_values(who.keys.in)).request(fault);
}

}  // namespace

TEST_CASE("who claims a victim's id is a stranger, whichever way it is claimed") {
  const auto group = GENERATE(as<std::string>{}, "ristretto255", "ffdhe2048");
  CAPTURE(group);
  // With the limits as they are: failures close the stranger's address, and no other.
  doctor_program gateway(group, {"--handshake-timeout", "1h", "--heartbeat", "1h"});
  honest_patient alice(gateway);
  visitor victim(group, "victim");
  auto session = victim.enrol_at(gateway);
  visitor mallory(group, "mallory", elsewhere);
  auto hers = mallory.enrol_at(gateway);
  visitor stranger(group, "victim", elsewhere);  // the victim's id, other keys
  stranger.learn_doctor(gateway);
  visitor as_alice(group, "alice", elsewhere);
  as_alice.doctor = stranger.doctor;
  int cells = 0;
  const auto still_there = [&] {
    session.must_be_alive();
    CHECK(gateway.events().seen("patient_disconnected") == 0);
    CHECK(gateway.events().seen("patient_authenticated") == 0);
    ++cells;
  };

  // With keys of his own he waits, as any stranger, and the operator sees the conflict. The third
  // from one address finds no place.
  for (auto* impostor : {&stranger, &as_alice}) {
    auto v = impostor->ask(gateway).v;
    v.must_hear(waiting);
    const auto event = gateway.events().await("waiting");
    CHECK(event.at("id") == impostor->id());
    CHECK(event.at("conflict") == true);
    auto second = impostor->ask(gateway).v;
    second.must_hear(waiting);
    gateway.events().await("waiting");
    auto third = impostor->ask(gateway).v;
    must_be_refused(gateway, third, told(reason::busy), "busy");
    still_there();
    second.peer.close();
    gateway.events().await("waiting_ended");
    gateway.command({"refuse", impostor->id()});
    CHECK(describe(read_to_end(v)) == describe(told(reason::not_admitted)));
    gateway.events().await("sign_in_failed", where("cause", "refused"));
    gateway.events().await("waiting_ended");
    still_there();
  }

  // The victim's identity, with whatever signature and proof he can make.
  const auto victims = victim.keys.shown_to_all.encoded();
  const auto claim = [&](visitor& who, const std::string& cause,
                         const std::function<void(request_parts&)>& fault) {
    auto v = who.ask(gateway, fault).v;
    const auto event = must_be_refused(gateway, v, told(reason::refused), cause);
    // Whose key it was is said only of keys that were proved.
    CHECK(event.contains("id") == (cause == "authentication_failed"));
    still_there();
  };
  claim(stranger, "invalid_signature", [&](request_parts& r) { r.shown_identity = victims; });
  claim(mallory, "invalid_signature", [&](request_parts& r) { r.shown_identity = victims; });
  const auto hers_seen = session.heard.front();
  claim(stranger, "invalid_signature", [&](request_parts& r) {
    r.shown_identity = victims;
    r.signature = first(hers_seen.whole, stranger.keys.in.element_size) +
                  octets(stranger.keys.in.scalar_size, 1);
  });
  claim(stranger, "authentication_failed",
        [](request_parts& r) { r.invite_proof = random_octets(32); });

  // Her token, as it was on the wire, without its secret; and one that never was.
  resumption without_secret({victim.kept->token, random_octets(32), 0, 0});
  resumption made_up({random_octets(32), random_octets(32), 0, 0});
  for (auto* attempt : {&without_secret, &made_up}) {
    auto v = stranger.connect(gateway);
    v.peer.send(attempt->request(now_ms(), random_octets(32)));
    must_be_refused(gateway, v, told(reason::token_refused), "token_refused");
    still_there();
  }

  // Her own fresh request, caught on the way and sent by him, who cannot answer.
  for (int i = 1; i <= 3; ++i) {
    auto v = stranger.connect(gateway);
    v.peer.send(frame_of_request(victim));
    v.must_hear(auth_response);
    v.peer.send(make_frame(verifier, clear, u64(now_ms()) + random_octets(32)));
    must_be_refused(gateway, v, told(reason::refused), "wrong_verifier");
    still_there();
  }
  // That blocks her key at his address, for which she has no use.
  const auto blocked = gateway.events().await("blocked");
  CHECK(blocked.at("id") == "victim");
  CHECK(blocked.at("address") == elsewhere);

  // And he goes on until his address is closed, to him and to those who stand behind it.
  while (gateway.events().seen("source_closed") == 0) {
    auto v = stranger.connect(gateway);
    v.peer.send(make_frame(verifier, clear, octets(40)));
    must_be_refused(gateway, v, told(reason::protocol_error), "protocol_error");
    still_there();
    REQUIRE(cells < 40);
  }
  CHECK(gateway.events().await("source_closed").at("address") == elsewhere);
  auto shut_out = stranger.ask(gateway).v;
  must_be_refused(gateway, shut_out, told(reason::busy), "busy");
  hers.must_be_alive();

  // The victim comes and goes as before: by her token, which nobody has spent, and without.
  session.peer.close();
  gateway.events().await("patient_disconnected", where("id", "victim"));
  victim.resume_at(gateway).peer.close();
  gateway.events().await("patient_disconnected", where("id", "victim"));
  session = victim.sign_in_at(gateway);
  alice.must_be_unharmed();
  count("adversary, claims of another's id: " + std::to_string(cells) + " in " + group);
}

TEST_CASE("a patient who strips another's request and signs it herself gets nowhere") {
  const auto group = GENERATE(as<std::string>{}, "ristretto255", "ffdhe2048");
  CAPTURE(group);
  doctor_program gateway(group, patient_limits());
  honest_patient alice(gateway);
  visitor victim(group, "patient1");  // an id as long as hers, so that th1 is the same
  victim.enrol_at(gateway).peer.close();
  gateway.events().await("patient_disconnected");
  visitor mallory(group, "patient2");
  mallory.enrol_at(gateway).peer.close();
  gateway.events().await("patient_disconnected");

  sign_in hers(victim.keys, *victim.doctor, fresh_request_values(victim.keys.in));
  const auto caught = hers.request();
  const auto clear_size = 8 + 1 + 8 + 8 + 32 + victim.keys.in.element_size;
  fields f(from(caught, 8 + 1 + 8));
  const auto ts_p = f.number(8);
  const auto rn_p = f.take(32);
  const auto e = f.take(victim.keys.in.element_size);

  // Her E, time and nonce; under them the identity and signature of the attacker.
  auto v = mallory.connect(gateway);
  sign_in stolen(mallory.keys, *mallory.doctor, fresh_request_values(mallory.keys.in));
  const auto stripped = stolen.request([&](request_parts& r) {
    r.ts_p = ts_p;
    r.rn_p = rn_p;
    r.e = e;
  });
  REQUIRE(first(stripped, clear_size) == first(caught, clear_size));
  REQUIRE(stolen.th1 == hers.th1);
  v.peer.send(stripped);
  must_be_refused(gateway, v, told(reason::refused), "authentication_failed");
  // Her sealed part behind the attacker's E.
  v = mallory.connect(gateway);
  const auto own = frame_of_request(mallory);
  v.peer.send(first(own, clear_size) + from(caught, clear_size));
  must_be_refused(gateway, v, told(reason::refused), "authentication_failed");
  // Her E with a time or a nonce of the attacker's.
  for (const std::size_t at : {std::size_t{8 + 1 + 8 + 7}, std::size_t{8 + 1 + 8 + 8}}) {
    auto changed = caught;
    changed[at] ^= 1U;
    v = mallory.connect(gateway);
    v.peer.send(changed);
    must_be_refused(gateway, v, told(reason::refused), "authentication_failed");
  }

  // Nothing of that has spent her nonce: her own request is still good, once.
  v = victim.connect(gateway);
  v.peer.send(caught);
  REQUIRE(hers.on_response(v.must_hear(auth_response)));
  v.sk = hers.sk;
  v.th4 = hers.th4;
  v.send_verifier();
  v.must_be_let_in();
  alice.must_be_unharmed();
  v.peer.close();
  CHECK(audit_of(gateway)["sign_in_failed/authentication_failed"] == 4);
}

}  // namespace wardline::test::adversary
