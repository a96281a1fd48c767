// Section 6: "the third within an hour for the same key from the same source address blocks that
// key at that address for 24 h (configurable), across restarts."
#include <chrono>

#include "tests/support/catch.hpp"
#include "tests/system/groups.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

using protocol::disconnect_reason;
using protocol::frame_type;

void show_wrong_verifier(doctor_program& doctor, scripted_patient& patient,
                         const scripted_patient::manner& how) {
  const auto failed = fail_to_sign_in(doctor, patient, spoiling(frame_type::verifier, how));
  CHECK(failed.told == disconnect_reason::refused);
  CHECK(failed.event.at("cause") == "wrong_verifier");
  CHECK(failed.event.at("id") == patient.id());
}

void show_three_wrong_verifiers(doctor_program& doctor, scripted_patient& patient,
                                const std::string& source) {
  for (int i = 0; i < 3; ++i) show_wrong_verifier(doctor, patient, to(doctor, source));
  CHECK(doctor.events().await("blocked").at("id") == patient.id());
}

void must_be_refused(doctor_program& doctor, scripted_patient& patient, const std::string& source) {
  const auto failed = fail_to_sign_in(doctor, patient, to(doctor, source));
  CHECK(failed.told == disconnect_reason::refused);
  CHECK(failed.event.at("cause") == "refused");
}

}  // namespace

TEST_CASE("two wrong verifiers block nothing, and the third blocks the key at its address") {
  const auto group = any_group();
  doctor_program doctor(group);
  scripted_patient alice("alice", group);
  enrol(doctor, alice);

  show_wrong_verifier(doctor, alice, to(doctor, "127.0.0.2"));
  show_wrong_verifier(doctor, alice, to(doctor, "127.0.0.2"));
  sign_in(doctor, alice, to(doctor, "127.0.0.2"));
  CHECK(doctor.events().seen("blocked") == 0);

  show_wrong_verifier(doctor, alice, to(doctor, "127.0.0.2"));
  const auto blocked = doctor.events().await("blocked");
  CHECK(blocked.at("id") == "alice");
  CHECK(blocked.at("address") == "127.0.0.2");
  CHECK(blocked.at("fingerprint") == doctor.command({"patients"})[0].at("fingerprint"));
  constexpr unix_ms hour = 3'600'000;
  const auto for_ms = blocked.at("until").get<unix_ms>() - system_clock().now();
  CHECK(for_ms > 23 * hour);
  CHECK(for_ms <= 24 * hour);
  must_be_refused(doctor, alice, "127.0.0.2");
}

TEST_CASE("a block by address is for one key at one address, and outlives a restart") {
  const auto group = any_group();
  doctor_program doctor(group);
  scripted_patient alice("alice", group);
  scripted_patient bob("bob", group);
  enrol(doctor, alice);
  enrol(doctor, bob);
  show_three_wrong_verifiers(doctor, alice, "127.0.0.2");

  for (const bool restarted : {false, true}) {
    CAPTURE(restarted);
    if (restarted) doctor.restart();
    must_be_refused(doctor, alice, "127.0.0.2");
    sign_in(doctor, alice, to(doctor, "127.0.0.3"));
    sign_in(doctor, bob, to(doctor, "127.0.0.2"));
  }
}

TEST_CASE("a block by address does not stop a resumption") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  show_three_wrong_verifiers(doctor, alice, "127.0.0.2");

  sign_in(doctor, alice, resuming(to(doctor, "127.0.0.2")));
  must_be_refused(doctor, alice, "127.0.0.2");
}

TEST_CASE("a wrong verifier after a resumption ends the connection and blocks nobody") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  for (int i = 0; i < 4; ++i) {
    show_wrong_verifier(doctor, alice, resuming(to(doctor, "127.0.0.2")));
    sign_in(doctor, alice, to(doctor, "127.0.0.2"));
  }
  CHECK(doctor.events().seen("blocked") == 0);
}

TEST_CASE("wrong verifiers from different addresses do not add up") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  for (const char* source : {"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"}) {
    show_wrong_verifier(doctor, alice, to(doctor, source));
    sign_in(doctor, alice, to(doctor, source));
  }
  CHECK(doctor.events().seen("blocked") == 0);
}

TEST_CASE("the operator lifts a block by address") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  show_three_wrong_verifiers(doctor, alice, "127.0.0.2");
  doctor.command({"unblock", "alice"});
  sign_in(doctor, alice, to(doctor, "127.0.0.2"));
}

TEST_CASE("a block by address ends by itself") {
  doctor_program doctor("ristretto255", {"--block-time", "1s"});
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  show_three_wrong_verifiers(doctor, alice, "127.0.0.2");
  const auto give_up = std::chrono::steady_clock::now() + process::patience;
  while (!alice.sign_in(to(doctor, "127.0.0.2")).is_up()) {
    doctor.events().await("sign_in_failed");  // at the pace of the gateway
    REQUIRE(std::chrono::steady_clock::now() < give_up);
  }
}

}  // namespace wardline::test
