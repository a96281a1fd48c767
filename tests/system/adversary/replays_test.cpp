// What was right once, again; and what belongs to another.
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/counts.hpp"
#include "tests/system/adversary/primitives.hpp"
#include "tests/system/adversary/visitor.hpp"
#include "tests/system/adversary/ward.hpp"

namespace wardline::test::adversary {
namespace {

constexpr auto elsewhere = "127.0.0.66";

void goes(doctor_program& gateway, visit& v) {
  v.peer.close();
  gateway.events().await("patient_disconnected", where("id", "mallory"));
}

}  // namespace

TEST_CASE("a recorded sign-in opens no second session, remembered or forgotten") {
  const auto group = GENERATE(as<std::string>{}, "ristretto255", "ffdhe2048");
  CAPTURE(group);
  doctor_program gateway(group, patient_limits());
  honest_patient alice(gateway);
  visitor mallory(group, "mallory");
  mallory.enrol_at(gateway).peer.close();
  gateway.events().await("patient_disconnected");

  // All that she says in one sign-in and one session.
  sign_in handshake(mallory.keys, *mallory.doctor, fresh_request_values(mallory.keys.in));
  std::vector<octets> tape{handshake.request()};
  auto v = mallory.connect(gateway);
  v.peer.send(tape[0]);
  REQUIRE(handshake.on_response(v.must_hear(auth_response)));
  v.sk = handshake.sk;
  v.th4 = handshake.th4;
  tape.push_back(make_verifier(v.sk, v.th4, now_ms()));
  v.p2d.emplace(v.sk, "p2d");
  v.d2p.emplace(v.sk, "d2p");
  v.peer.send(tape[1]);
  v.must_be_let_in();
  gateway.events().await("patient_authenticated");
  tape.push_back(v.seal(direct, text("Once.").encoded()));
  v.peer.send(tape[2]);
  CHECK(gateway.events().await("message").at("text") == "Once.");

  // One message again ends the session, and is not delivered again.
  v.peer.send(tape[2]);
  CHECK(describe(read_to_end(v)) == describe(without_a_word));
  CHECK(gateway.events().await("refused").at("cause") == "invalid_tag");
  CHECK(gateway.events().await("patient_disconnected").at("reason") == "invalid_tag");

  // In another session of hers it does not open either.
  auto later = mallory.sign_in_at(gateway);
  later.peer.send(tape[2]);
  CHECK(describe(read_to_end(later)) == describe(without_a_word));
  CHECK(gateway.events().await("refused").at("cause") == "invalid_tag");
  gateway.events().await("patient_disconnected");

  // The whole, from wherever it comes.
  for (const auto* source : {"127.0.0.1", elsewhere}) {
    visit thief(line(gateway.port(), source));
    for (const auto& frame : tape) thief.peer.send(frame);
    must_be_refused(gateway, thief, told(reason::refused), "replayed");
  }
  alice.must_be_unharmed();
  gateway.restart();  // and it has forgotten the nonce
  gateway.events().await("patient_authenticated", where("id", "alice"));
  visit thief(line(gateway.port(), elsewhere));
  for (const auto& frame : tape) thief.peer.send(frame);
  must_be_refused(gateway, thief, told(reason::refused), "wrong_verifier");

  CHECK(gateway.events().seen("message") == 0);
  CHECK(gateway.events().seen("patient_authenticated") == 0);
  auto audit = audit_of(gateway);
  CHECK(audit["sign_in_failed/replayed"] == 2);
  CHECK(audit["sign_in_failed/wrong_verifier"] == 1);
  CHECK(audit["frame_refused/invalid_tag"] == 2);
}

TEST_CASE("a token resumes once, unaltered, for its own patient, in its time, while she may") {
  doctor_program gateway("ristretto255", patient_limits());
  honest_patient alice(gateway);
  visitor mallory("ristretto255", "mallory");
  visitor bob("ristretto255", "bob");
  auto his = bob.enrol_at(gateway);
  auto v = mallory.enrol_at(gateway);
  goes(gateway, v);
  std::uint64_t cells = 0;
  const auto refuse = [&](const octets& request) {
    auto attempt = mallory.connect(gateway);
    attempt.peer.send(request);
    must_be_refused(gateway, attempt, told(reason::token_refused), "token_refused");
    ++cells;
  };
  const auto request_with = [](const ticket& t) {
    return resumption(t).request(now_ms(), random_octets(32));
  };

  // Altered: each field in turn. None of it spends the token.
  const auto good = request_with(*mallory.kept);
  for (const std::size_t at :
       {std::size_t{8 + 2}, std::size_t{8 + 2 + 31}, std::size_t{8 + 34 + 7},
        std::size_t{8 + 34 + 8}, std::size_t{8 + 34 + 8 + 31}, good.size() - 32, good.size() - 1}) {
    CAPTURE(at);
    auto altered = good;
    altered[at] ^= 1U;
    refuse(altered);
  }
  // Another's token with one's own secret, and the other way round.
  refuse(request_with({bob.kept->token, mallory.kept->rs, 0, 0}));
  refuse(request_with({mallory.kept->token, bob.kept->rs, 0, 0}));
  his.must_be_alive();

  // Used twice: at once, and after the session that it made.
  const auto spent = *mallory.kept;
  auto resumed = mallory.resume_at(gateway);
  refuse(request_with(spent));
  resumed.must_be_alive();
  goes(gateway, resumed);
  refuse(request_with(spent));
  // Replaced by a newer one.
  const auto older = *mallory.kept;
  auto full = mallory.sign_in_at(gateway);
  refuse(request_with(older));
  goes(gateway, full);
  // Spent, if the verifier is wrong after it.
  const auto before_wrong = *mallory.kept;
  auto wrong = mallory.be_answered_again(gateway);
  wrong.peer.send(make_frame(verifier, clear, u64(now_ms()) + octets(32)));
  must_be_refused(gateway, wrong, told(reason::refused), "wrong_verifier");
  refuse(request_with(before_wrong));

  // Blocked by the operator, and let in again, and revoked.
  full = mallory.sign_in_at(gateway);
  gateway.command({"block", "mallory"});
  read_to_end(full);
  gateway.events().await("patient_disconnected", where("id", "mallory"));
  refuse(request_with(*mallory.kept));
  gateway.command({"unblock", "mallory"});
  full = mallory.sign_in_at(gateway);
  gateway.command({"revoke", "mallory"});
  read_to_end(full);
  gateway.events().await("patient_disconnected", where("id", "mallory"));
  refuse(request_with(*mallory.kept));
  auto revoked = mallory.ask(gateway).v;
  must_be_refused(gateway, revoked, told(reason::refused), "refused");

  his.must_be_alive();
  alice.must_be_unharmed();
  his.peer.close();
  CHECK(audit_of(gateway)["sign_in_failed/token_refused"] == cells);
  count("adversary, tokens refused: " + std::to_string(cells));
}

TEST_CASE("an expired token is refused, and does not count against its address") {
  doctor_program gateway("ristretto255", {"--token-lifetime", "1s", "--max-failures", "1"});
  honest_patient alice(gateway);
  visitor mallory("ristretto255", "mallory", elsewhere);
  auto v = mallory.enrol_at(gateway);
  goes(gateway, v);
  while (now_ms() < mallory.kept->expires) std::this_thread::yield();
  auto late = mallory.connect(gateway);
  late.peer.send(resumption(*mallory.kept).request(now_ms(), random_octets(32)));
  must_be_refused(gateway, late, told(reason::token_refused), "token_refused");
  CHECK(gateway.events().seen("source_closed") == 0);
  auto again = mallory.sign_in_at(gateway);
  alice.must_be_unharmed();
}

TEST_CASE("nobody receipts what another was sent, or what was never sent") {
  doctor_program gateway("ristretto255", patient_limits());
  honest_patient alice(gateway);
  visitor mallory("ristretto255", "mallory");
  visitor bob("ristretto255", "bob");
  auto his = bob.enrol_at(gateway);
  auto hers = mallory.enrol_at(gateway);
  gateway.command({"message", "bob", "Come by at ten."});
  fields f(his.must_be_told(direct));
  const auto sent = read_content(f);
  auto other = sent;
  other.body = ascii("Come by at nine.");

  std::uint64_t cells = 0;
  const auto refuse = [&](visit& v, const std::string& who, const octets& body) {
    v.say(receipt, body);
    const auto event = gateway.events().await("refused");
    CHECK(event.at("id") == who);
    CHECK(event.at("cause") == "wrong_proof");
    CHECK(gateway.events().seen("delivery") == 0);
    v.must_be_alive();
    ++cells;
  };
  const auto now = now_ms();
  // By another, who even knows what it says: with her key, and with his proof.
  refuse(hers, "mallory", receipt_for(hers.sk, sent.message_id, sent.encoded(), now));
  refuse(hers, "mallory", receipt_for(his.sk, sent.message_id, sent.encoded(), now));
  refuse(hers, "mallory", receipt_for(hers.sk, random_octets(16), sent.encoded(), now));
  // By himself, of other words, under another's key, at another time, in another state.
  refuse(his, "bob", receipt_for(his.sk, sent.message_id, other.encoded(), now));
  refuse(his, "bob", receipt_for(hers.sk, sent.message_id, sent.encoded(), now));
  auto moved = receipt_for(his.sk, sent.message_id, sent.encoded(), now);
  moved[16 + 7] ^= 1U;
  refuse(his, "bob", moved);
  auto acknowledged = receipt_for(his.sk, sent.message_id, sent.encoded(), now);
  acknowledged[16 + 8] = 2;
  refuse(his, "bob", acknowledged);

  his.say(receipt, receipt_for(his.sk, sent.message_id, sent.encoded(), now));
  const auto delivered = gateway.events().await("delivery");
  CHECK(delivered.at("patient") == "bob");
  CHECK(delivered.at("state") == "decrypted");
  his.peer.close();
  hers.peer.close();
  gateway.events().await("patient_disconnected");
  gateway.events().await("patient_disconnected");
  alice.must_be_unharmed();
  CHECK(audit_of(gateway)["frame_refused/wrong_proof"] == cells);
  count("adversary, receipts refused: " + std::to_string(cells));
}

}  // namespace wardline::test::adversary
