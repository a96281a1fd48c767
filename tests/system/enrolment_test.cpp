#include <csignal>

#include "tests/support/catch.hpp"
#include "tests/system/groups.hpp"
#include "tests/system/programs.hpp"

using namespace wardline::test;

TEST_CASE("a patient enrols by invite, and the doctor knows it") {
  doctor_program doctor(any_group());
  patient_program alice("alice");
  alice.enroll(doctor);

  CHECK(alice.events().await("authenticated").at("resumed") == false);
  alice.events().await("group_key");
  const auto news = doctor.events().await("patient_authenticated");
  CHECK(news.at("id") == "alice");
  CHECK(news.at("enrolled_now") == true);

  const auto patients = doctor.command({"patients"});
  REQUIRE(patients.size() == 1);
  CHECK(patients[0].at("id") == "alice");
  CHECK(patients[0].at("connected") == true);
  CHECK(patients[0].at("fingerprint") == news.at("fingerprint"));
  CHECK(doctor.command({"invites"}).empty());
}

TEST_CASE("an invite works once, for the id that it names") {
  doctor_program doctor("ristretto255");
  const auto invite = doctor.invite("alice");
  patient_program alice("alice");
  alice.start_with({"enroll", invite});
  alice.events().await("authenticated");
  doctor.events().await("patient_authenticated");

  patient_program thief("alice");
  thief.start_with({"enroll", invite});
  thief.events().await("error", where("error", "refused"));
  CHECK(thief.events().wait() == 1);
  CHECK(doctor.events().await("sign_in_failed").at("cause") == "authentication_failed");
  CHECK(doctor.command({"patients"}).size() == 1);
}

TEST_CASE("an invite that has been replaced by a newer one is refused") {
  doctor_program doctor("ristretto255");
  const auto old_invite = doctor.invite("alice");
  const auto new_invite = doctor.invite("alice");
  patient_program alice("alice");
  alice.start_with({"enroll", old_invite});
  alice.events().await("error", where("error", "refused"));
  CHECK(alice.events().wait() == 1);
  alice.start_with({"enroll", new_invite});
  alice.events().await("authenticated");
}

TEST_CASE("a stranger waits until the operator admits it") {
  doctor_program doctor(any_group());
  patient_program bob("bob");
  bob.start(doctor);

  CHECK(bob.events().await("waiting").at("seconds") == 600);
  const auto knock = doctor.events().await("waiting");
  CHECK(knock.at("id") == "bob");
  CHECK(knock.at("conflict") == false);
  const auto room = doctor.command({"waiting"});
  REQUIRE(room.size() == 1);
  CHECK(room[0].at("fingerprint") == knock.at("fingerprint"));
  CHECK(doctor.command({"patients"}).empty());

  doctor.command({"admit", "bob"});
  bob.events().await("authenticated");
  CHECK(doctor.events().await("patient_authenticated").at("enrolled_now") == true);
  CHECK(doctor.command({"waiting"}).empty());
  CHECK(doctor.command({"patients"}).size() == 1);
}

TEST_CASE("a stranger whom the operator refuses is not let in, and ends") {
  doctor_program doctor(any_group());
  patient_program mallory("mallory");
  mallory.start(doctor);
  doctor.events().await("waiting");
  doctor.command({"refuse", "mallory"});
  mallory.events().await("error");
  CHECK(mallory.events().wait() == 1);
  CHECK(doctor.command({"patients"}).empty());
  CHECK(doctor.command({"waiting"}).empty());
}

TEST_CASE("a stranger whom nobody answers is given up when its time is over") {
  doctor_program doctor("ristretto255", {"--waiting-time", "1s"});
  patient_program bob("bob");
  bob.start(doctor);
  doctor.events().await("waiting");
  CHECK(doctor.events().await("waiting_ended").at("reason") == "timed_out");
  bob.events().await("error");
  CHECK(bob.events().wait() == 1);
}

TEST_CASE("an enrolled id with another key waits, and replaces the device only when told so") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);

  patient_program other("alice");
  other.start(doctor);
  CHECK(doctor.events().await("waiting").at("conflict") == true);
  CHECK(doctor.try_command({"admit", "alice"}).status == 1);
  CHECK(doctor.command({"patients"})[0].at("connected") == true);

  doctor.command({"admit", "alice", "--replace"});
  other.events().await("authenticated");
  const auto ended = alice.events().await("disconnected");
  CHECK((ended.at("reason") == "replaced" || ended.at("reason") == "refused"));
  CHECK(alice.events().wait() == 1);
}

TEST_CASE("revocation ends the session, and the key never comes back") {
  doctor_program doctor(any_group());
  patient_program alice("alice");
  alice.sign_in(doctor);

  doctor.command({"revoke", "alice"});
  CHECK(alice.events().await("disconnected").at("reason") == "refused");
  CHECK(alice.events().wait() == 1);
  CHECK(doctor.command({"patients"}).empty());

  alice.start(doctor);
  alice.events().await("error", where("error", "refused"));
  CHECK(alice.events().wait() == 1);
  doctor.events().await("sign_in_failed", where("cause", "token_refused"));
  doctor.events().await("sign_in_failed", where("cause", "refused"));
}

TEST_CASE("a patient whom the operator has blocked is out until unblocked") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);

  doctor.command({"block", "alice"});
  CHECK(alice.events().await("disconnected").at("reason") == "refused");
  CHECK(alice.events().wait() == 1);
  doctor.restart();
  alice.start(doctor);
  alice.events().await("error", where("error", "refused"));
  alice.kill();

  doctor.command({"unblock", "alice"});
  alice.start(doctor);
  alice.events().await("authenticated");
}
