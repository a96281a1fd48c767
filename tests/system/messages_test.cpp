#include <csignal>
#include <deque>

#include "tests/support/catch.hpp"
#include "tests/system/groups.hpp"
#include "tests/system/programs.hpp"

using namespace wardline::test;

namespace {

// deque: a patient_program does not move.
void sign_in_all(doctor_program& doctor, std::deque<patient_program>& patients, int count) {
  for (int i = 1; i <= count; ++i) {
    patients.emplace_back("p" + std::to_string(i)).sign_in(doctor);
  }
}

}  // namespace

TEST_CASE("a broadcast reaches five patients, and five receipts come back") {
  doctor_program doctor(any_group());
  std::deque<patient_program> patients;
  sign_in_all(doctor, patients, 5);

  const auto out = doctor.command({"broadcast", "Fever is süß", "--wait", "30"});
  CHECK(out.at("recipients") == 5);
  CHECK(out.at("decrypted") == json::array({"p1", "p2", "p3", "p4", "p5"}));
  CHECK(out.at("missing").empty());
  for (auto& p : patients) {
    const auto message = p.events().await("message");
    CHECK(message.at("text") == "Fever is süß");
    CHECK(message.at("kind") == "broadcast");
    CHECK(message.at("priority") == "emergency");
    CHECK(message.at("message_id") == out.at("message_id"));
  }
  for (int i = 0; i < 5; ++i) {
    CHECK(doctor.events().await("delivery").at("state") == "decrypted");
  }
}

TEST_CASE("a broadcast of the largest size arrives, and one byte more is refused") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  const std::string largest(58'000, 'x');
  doctor.command({"broadcast", largest, "--wait", "30"});
  CHECK(alice.events().await("message").at("text") == largest);
  CHECK(doctor.try_command({"broadcast", largest + "x"}).status == 1);
  CHECK(doctor.try_command({"broadcast", "\xc3\x28"}).status == 1);
}

TEST_CASE("who has not decrypted a broadcast is named, and the command says so") {
  doctor_program doctor("ristretto255");
  patient_program here("here");
  patient_program away("away");
  here.sign_in(doctor);
  away.sign_in(doctor);
  away.kill();
  doctor.events().await("patient_disconnected", where("id", "away"));

  const auto out = doctor.try_command({"broadcast", "hello", "--wait", "1"});
  CHECK(out.status == 1);
  const auto answer = json::parse(out.output);
  CHECK(answer.at("decrypted") == json::array({"here"}));
  CHECK(answer.at("missing") == json::array({"away"}));

  const auto present = doctor.command({"broadcast", "only here", "--present", "--wait", "30"});
  CHECK(present.at("recipients") == 1);
}

TEST_CASE("a direct message goes both ways, each with its receipt") {
  doctor_program doctor(any_group());
  patient_program alice("alice");
  alice.sign_in(doctor);

  const auto sent = doctor.command({"message", "alice", "Come by at ten."});
  const auto read = alice.events().await("message");
  CHECK(read.at("text") == "Come by at ten.");
  CHECK(read.at("kind") == "direct");
  const auto delivery = doctor.events().await("delivery");
  CHECK(delivery.at("message_id") == sent.at("message_id"));
  CHECK(delivery.at("state") == "decrypted");

  alice.say("ack " + read.at("message_id").get<std::string>());
  CHECK(doctor.events().await("delivery").at("state") == "acknowledged");

  alice.say("send I will, thank you.");
  const auto heard = doctor.events().await("message");
  CHECK(heard.at("from") == "alice");
  CHECK(heard.at("text") == "I will, thank you.");
  alice.events().await("delivery", where("state", "decrypted"));
}

TEST_CASE("a patient who was away is sent on return what it missed, in order") {
  doctor_program doctor(any_group());
  patient_program alice("alice");
  patient_program bob("bob");
  alice.sign_in(doctor);
  bob.sign_in(doctor);
  bob.kill();
  doctor.events().await("patient_disconnected", where("id", "bob"));

  doctor.command({"broadcast", "first"});
  doctor.command({"message", "bob", "second"});
  doctor.command({"broadcast", "third"});
  alice.events().await("message", where("text", "third"));
  doctor.restart();

  bob.start(doctor);
  CHECK(bob.events().await("message").at("text") == "first");
  CHECK(bob.events().await("message").at("text") == "second");
  CHECK(bob.events().await("message").at("text") == "third");
  for (int i = 0; i < 3; ++i) {
    const auto event = doctor.events().await("delivery", where("patient", "bob"));
    CHECK(event.at("state") == "decrypted");
  }
  for (const auto& message : doctor.command({"deliveries"})) {
    INFO(message.dump());
    CHECK(message.dump().find("queued") == std::string::npos);
  }
}

TEST_CASE("what a patient writes while the gateway is away arrives when it is back, once") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  doctor.stop(false);
  alice.events().await("disconnected");
  alice.say("send Are you there?");
  doctor.start();
  CHECK(doctor.events().await("message").at("text") == "Are you there?");
  alice.events().await("delivery", where("state", "decrypted"));
  alice.say("send second");
  CHECK(doctor.events().await("message").at("text") == "second");
  CHECK(doctor.events().seen("message") == 0);
}

TEST_CASE("a newcomer is sent nothing that was broadcast before") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  doctor.command({"broadcast", "before", "--wait", "30"});
  patient_program bob("bob");
  bob.sign_in(doctor);
  doctor.command({"broadcast", "after", "--wait", "30"});
  CHECK(bob.events().await("message").at("text") == "after");
  CHECK(bob.events().seen("message") == 0);
}
