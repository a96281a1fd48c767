// A member of the group who is on the path between the gateway and another patient: it has the
// group key, and all that it lacks is the doctor's signature.
#include <csignal>

#include "tests/support/catch.hpp"
#include "tests/support/counts.hpp"
#include "tests/system/adversary/primitives.hpp"
#include "tests/system/adversary/relay.hpp"
#include "tests/system/adversary/visitor.hpp"
#include "tests/system/adversary/ward.hpp"

namespace wardline::test::adversary {
namespace {

struct opened_broadcast {
  epoch at;
  content said;
  octets signature;
  octets frame;
};

// alice is the victim, behind the relay; bob an honest patient without one.
class plot {
 public:
  explicit plot(const std::string& group)
      : gateway(group, patient_limits()),
        bob(gateway, "bob"),
        path(gateway.port(), "127.0.0.1"),
        alice("alice"),
        mallory(group, "mallory") {
    alice.sign_in(gateway);
    alice.stop(SIGTERM);
    gateway.events().await("patient_disconnected", where("id", "alice"));
    alice.start_with({"--id", "alice", "--doctor-id", "dr-lee", "--connect", path.address(),
                      "--doctor-fingerprint", gateway.fingerprint()});
    alice.events().await("authenticated");
    gateway.events().await("patient_authenticated", where("id", "alice"));
    inside.emplace(mallory.enrol_at(gateway));
  }

  // What mallory learns of the doctor's next words, as any member does.
  opened_broadcast listen(const std::string& words) {
    gateway.command({"broadcast", words});
    const auto frame = inside->must_hear_broadcast();
    fields f(frame.body());
    opened_broadcast out;
    out.at = {f.number(4), f.number(4), f.number(8)};
    inside->group->follow(out.at.ratchet);
    fields plaintext(inside->group->open(frame, fp()).value());
    out.said = read_content(plaintext);
    out.signature = plaintext.opaque16();
    out.frame = frame.whole;
    bob.program().events().await("message", where("text", words));
    return out;
  }

  octets fp() const { return mallory.doctor->doctor_fp(); }

  octets forge(const epoch& at, const content& said, const octets& signature) {
    return inside->group->seal(at, fp(), said.encoded() + opaque16(signature));
  }

  void alice_must_be_shown(const std::string& words) {
    CHECK(alice.events().await("message").at("text") == words);
  }

  // Dropped, reported to the person by its cause, and answered by no receipt.
  void alice_must_report(const octets& frame, const std::string& cause) {
    path.inject(toward::patient, frame);
    alice.events().await("error", where("error", cause));
    CHECK(alice.events().seen("message") == 0);
    ++deceits;
  }

  doctor_program gateway;
  honest_patient bob;
  relay path;
  patient_program alice;
  visitor mallory;
  std::optional<visit> inside;
  int deceits = 0;
};

octets signed_by(const own_identity& who, const octets& fp, const epoch& at, const content& said) {
  return who.sign("broadcast", signed_part(fp, at, said.encoded()), random_octets(32));
}

}  // namespace

// A patient reports ten a minute in a session: no more in one test.
TEST_CASE("an insider on the path forges no broadcast, and back-dates or replays none") {
  const auto group = GENERATE(as<std::string>{}, "ristretto255", "ffdhe2048");
  CAPTURE(group);
  plot p(group);
  const auto heard = p.listen("Take two a day.");
  p.alice_must_be_shown("Take two a day.");
  const epoch next{heard.at.generation, heard.at.ratchet, heard.at.seq + 1};
  const auto lie = text("Take twenty a day.");
  const auto& in = p.mallory.keys.in;

  SECTION("forged: by another key, by none, with what the doctor has signed of something else") {
    p.alice_must_report(p.forge(next, lie, signed_by(p.mallory.keys, p.fp(), next, lie)),
                        "invalid_signature");
    p.alice_must_report(p.forge(next, lie, octets(in.element_size + in.scalar_size)),
                        "invalid_signature");
    p.alice_must_report(p.forge(next, lie, {}), "invalid_signature");
    p.alice_must_report(p.forge(next, lie, heard.signature), "invalid_signature");
    // For another purpose: the doctor's over its own identity and the time.
    auto asking = p.mallory.connect(p.gateway);
    asking.peer.send(make_frame(hello, clear, {}));
    fields announced(asking.must_hear(identity_frame).body());
    read_identity(announced, in.element_size);
    announced.take(8);
    p.alice_must_report(p.forge(next, lie, announced.opaque16()), "invalid_signature");
    // With a bit flipped, and with something behind it.
    auto flipped = p.forge(next, lie, heard.signature);
    flipped.back() ^= 1U;
    p.alice_must_report(flipped, "invalid_tag");
    p.alice_must_report(
        p.inside->group->seal(next, p.fp(), lie.encoded() + opaque16(heard.signature) + u8(0)),
        "invalid_encoding");
  }
  SECTION("the doctor's own words and signature, as new, or again, or from another time") {
    p.alice_must_report(p.forge(next, heard.said, heard.signature), "invalid_signature");
    auto stepped = *p.inside->group;
    stepped.follow(next.ratchet + 1);
    const epoch later{next.generation, next.ratchet + 1, next.seq};
    p.alice_must_report(
        stepped.seal(later, p.fp(), heard.said.encoded() + opaque16(heard.signature)),
        "invalid_signature");
    p.alice_must_report(heard.frame, "stale_epoch");
    p.alice_must_report(p.forge(heard.at, lie, heard.signature), "stale_epoch");
    const epoch before{next.generation - 1, next.ratchet, next.seq};
    p.alice_must_report(p.forge(before, lie, heard.signature), "stale_epoch");
    const epoch after{next.generation + 1, next.ratchet, next.seq};
    p.alice_must_report(p.forge(after, lie, heard.signature), "stale_epoch");
    const epoch far{next.generation, next.ratchet + 65'537, next.seq};
    p.alice_must_report(p.forge(far, lie, heard.signature), "stale_epoch");
  }

  // None of it has put her ahead of what the doctor says next, or made her receipt anything.
  p.listen("Keep warm.");
  p.alice_must_be_shown("Keep warm.");
  CHECK(p.alice.events().seen("disconnected") == 0);
  p.bob.must_be_unharmed();
  p.inside.reset();
  for (const auto& [what, times] : audit_of(p.gateway)) {
    CAPTURE(what);
    CHECK(what.rfind("frame_refused", 0) != 0);
  }
  count("adversary, deceits of an insider: " + std::to_string(p.deceits) + " in " + group);
}

TEST_CASE("broadcasts that an insider reorders are shown once each, and the gap is filled") {
  plot p("ristretto255");
  p.path.keep_back(
      [](toward whom, const arrived& f) { return whom == toward::patient && f.is(broadcast); });
  p.listen("first");
  const auto first_frame = p.path.next_kept();
  p.listen("second");
  const auto second_frame = p.path.next_kept();
  p.path.keep_back({});
  p.path.inject(toward::patient, second_frame.whole);
  p.alice_must_be_shown("second");
  p.alice_must_report(first_frame.whole, "stale_epoch");
  // She misses it, asks, and has it from the doctor.
  const auto again = p.alice.events().await("message");
  CHECK(again.at("text") == "first");
  CHECK(again.at("redelivered") == true);
  CHECK(p.alice.events().seen("message") == 0);
  p.bob.must_be_unharmed();
}

TEST_CASE("an unprotected DISCONNECT into a session moves neither end") {
  plot p("ristretto255");
  for (const auto why : {reason::goodbye, reason::session_over, reason::refused, reason::replaced,
                         reason::protocol_error}) {
    const auto hint = make_frame(disconnect, clear, disconnect_body(why, 0xffffffff));
    p.path.inject(toward::patient, hint);
    p.path.inject(toward::gateway, hint);
  }
  p.path.inject(toward::patient, make_frame(disconnect, clear, octets(3)));
  p.path.inject(toward::gateway, make_frame(disconnect, clear, octets(3)));
  p.listen("Still here?");
  p.alice_must_be_shown("Still here?");
  p.alice.say("send I am.");
  CHECK(p.gateway.events().await("message").at("text") == "I am.");
  CHECK(p.alice.events().seen("disconnected") == 0);
  CHECK(p.alice.events().seen("error") == 0);
  CHECK(p.gateway.events().seen("patient_disconnected") == 0);
  CHECK(p.gateway.events().seen("refused") == 0);
  p.bob.must_be_unharmed();
  p.inside.reset();
  for (const auto& [what, times] : audit_of(p.gateway)) {
    CAPTURE(what);
    CHECK(what.rfind("frame_refused", 0) != 0);
  }
}

}  // namespace wardline::test::adversary
