// The independent peer keeps to the rules, and both programs take it for one of theirs: what fails
// in the other tests of this folder fails for its fault, not for a peer that could not do it right.
#include "tests/support/catch.hpp"
#include "tests/system/adversary/visitor.hpp"
#include "tests/system/adversary/ward.hpp"

namespace wardline::test::adversary {

TEST_CASE("the adversary can be an honest patient: it enrols, reads, receipts, writes, resumes") {
  const auto group = GENERATE(as<std::string>{}, "ristretto255", "ffdhe2048");
  CAPTURE(group);
  doctor_program gateway(group, patient_limits());
  honest_patient alice(gateway);
  visitor mallory(group, "mallory");
  auto session = mallory.enrol_at(gateway);

  const auto read_broadcast = [&](visit& v, const std::string& words) {
    gateway.command({"broadcast", words});
    const auto frame = v.must_hear_broadcast();
    fields position(frame.body());
    epoch at{position.number(4), position.number(4), position.number(8)};
    v.group->follow(at.ratchet);
    REQUIRE(v.group->at.generation == at.generation);
    const auto plaintext = v.group->open(frame, mallory.doctor->doctor_fp());
    REQUIRE(plaintext.has_value());
    fields inside(*plaintext);
    const auto said = read_content(inside);
    CHECK(said.body == ascii(words));
    CHECK(mallory.keys.in.verify(mallory.doctor->y_sig, "broadcast",
                                 signed_part(mallory.doctor->doctor_fp(), at, said.encoded()),
                                 inside.opaque16()));
    v.say(receipt, receipt_for(v.sk, said.message_id, said.encoded(), now_ms()));
    gateway.events().await("delivery", where("patient", "mallory"));
  };
  read_broadcast(session, "Keep warm.");
  const auto message = text("I do.");
  session.say(direct, message.encoded());
  CHECK(gateway.events().await("message").at("text") == "I do.");
  CHECK(first(session.must_be_told(receipt), 16) == message.message_id);
  session.peer.close();
  gateway.events().await("patient_disconnected", where("id", "mallory"));

  auto resumed = mallory.resume_at(gateway);
  resumed.must_be_alive();
  read_broadcast(resumed, "Keep warmer.");
  alice.program().events().await("message");
  alice.program().events().await("message");
  alice.must_be_unharmed();
}

}  // namespace wardline::test::adversary
