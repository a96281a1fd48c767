// Section 10: "What fails counts against its source address, never against a claimed id".
#include <chrono>
#include <deque>

#include "tests/support/catch.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

using protocol::disconnect_reason;
using protocol::frame_type;

void fail_to_authenticate(doctor_program& doctor, scripted_patient& patient,
                          const std::string& source) {
  const auto failed =
      fail_to_sign_in(doctor, patient, spoiling(frame_type::auth_request, to(doctor, source)));
  CHECK(failed.told == disconnect_reason::refused);
  CHECK(failed.event.at("cause") == "authentication_failed");
}

void must_fail_for(doctor_program& doctor, const std::string& cause) {
  CHECK(doctor.events().await("sign_in_failed").at("cause") == cause);
}

void must_be_busy(doctor_program& doctor, scripted_patient& patient, const std::string& source) {
  const auto failed = fail_to_sign_in(doctor, patient, to(doctor, source));
  CHECK(failed.told == disconnect_reason::busy);
  CHECK(failed.event.at("cause") == "busy");
}

}  // namespace

TEST_CASE("twenty failures close an address to full handshakes, and to nothing else") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  scripted_patient bob("bob", "ristretto255");
  enrol(doctor, alice);
  enrol(doctor, bob);

  for (int i = 0; i < 19; ++i) fail_to_authenticate(doctor, alice, "127.0.0.20");
  sign_in(doctor, alice, to(doctor, "127.0.0.20"));
  CHECK(doctor.events().seen("source_closed") == 0);
  fail_to_authenticate(doctor, alice, "127.0.0.20");
  const auto closed = doctor.events().await("source_closed");
  CHECK(closed.at("address") == "127.0.0.20");
  CHECK(closed.at("duration_s") == 900);

  must_be_busy(doctor, alice, "127.0.0.20");
  must_be_busy(doctor, bob, "127.0.0.20");
  sign_in(doctor, alice, resuming(to(doctor, "127.0.0.20")));
  sign_in(doctor, bob, resuming(to(doctor, "127.0.0.20")));
  sign_in(doctor, alice, to(doctor, "127.0.0.21"));
  must_be_busy(doctor, alice, "127.0.0.20");
}

TEST_CASE("a closed address opens again when its time is over") {
  doctor_program doctor("ristretto255", {"--max-failures", "2", "--close-time", "1s"});
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  for (int i = 0; i < 2; ++i) fail_to_authenticate(doctor, alice, "127.0.0.20");
  doctor.events().await("source_closed");
  const auto give_up = std::chrono::steady_clock::now() + process::patience;
  while (!alice.sign_in(to(doctor, "127.0.0.20")).is_up()) {
    doctor.events().await("sign_in_failed");  // at the pace of the gateway
    REQUIRE(std::chrono::steady_clock::now() < give_up);
  }
}

TEST_CASE("what counts against an address") {
  doctor_program doctor("ristretto255", {"--max-failures", "1"});
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  const std::string source = "127.0.0.20";

  SECTION("bytes that are no frame") {
    raw_peer peer({doctor.port(), source});
    peer.send(as_bytes("EHLO example\r\n"));
    must_fail_for(doctor, "protocol_error");
  }
  SECTION("a frame that the state does not name") {
    raw_peer peer({doctor.port(), source});
    peer.send(protocol::encode_frame(frame_type::identity, bytes(60)));
    must_fail_for(doctor, "protocol_error");
  }
  SECTION("a frame that does not decode") {
    raw_peer peer({doctor.port(), source});
    peer.send(protocol::encode_frame(frame_type::resume_request, bytes(5)));
    must_fail_for(doctor, "invalid_encoding");
  }
  SECTION("a sealed part that does not open") { fail_to_authenticate(doctor, alice, source); }
  SECTION("a wrong binder") {
    fail_to_sign_in(doctor, alice,
                    resuming(spoiling(frame_type::resume_request, to(doctor, source))));
  }
  doctor.events().await("source_closed", where("address", source));
  must_be_busy(doctor, alice, source);
}

TEST_CASE("what does not count against an address") {
  doctor_program doctor("ristretto255", {"--max-failures", "1", "--handshake-burst", "2",
                                         "--handshake-rate", "0.01", "--handshake-timeout", "1s"});
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  const std::string source = "127.0.0.20";

  SECTION("a token that is not known") {
    auto& ticket = alice.ticket.value();
    ticket.token[0] ^= 1U;
    const auto failed = fail_to_sign_in(doctor, alice, resuming(to(doctor, source)));
    CHECK(failed.told == disconnect_reason::token_refused);
  }
  SECTION("a silent connection") {
    raw_peer peer({doctor.port(), source});
    CHECK(peer.read_to_end().empty());
  }
  SECTION("a connection that says hello and goes") {
    raw_peer peer({doctor.port(), source});
    peer.send(protocol::encode_frame(frame_type::hello, {}));
    peer.next_frame();
  }
  sign_in(doctor, alice, to(doctor, source));
  CHECK(doctor.events().seen("source_closed") == 0);
}

TEST_CASE("too many full handshakes from one address are told busy, and when to come back") {
  doctor_program doctor("ristretto255", {"--handshake-burst", "2", "--handshake-rate", "0.01",
                                         "--max-failures", "1"});
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  sign_in(doctor, alice, to(doctor, "127.0.0.20"));
  sign_in(doctor, alice, to(doctor, "127.0.0.20"));
  const auto visit = alice.sign_in(to(doctor, "127.0.0.20"));
  REQUIRE(visit.told() == disconnect_reason::busy);
  CHECK(visit.closed->notice->retry_after_s > 0);
  CHECK(doctor.events().await("sign_in_failed").at("cause") == "busy");
  CHECK(doctor.events().seen("source_closed") == 0);  // "busy ... do not count"

  sign_in(doctor, alice, to(doctor, "127.0.0.21"));
  sign_in(doctor, alice, resuming(to(doctor, "127.0.0.20")));
}

TEST_CASE("a third stranger from one address does not wait, and one from elsewhere does") {
  doctor_program doctor("ristretto255");
  std::deque<scripted_patient> strangers;
  std::vector<patient_visit> visits;
  const auto knock = [&](const std::string& source) -> patient_visit& {
    auto& stranger =
        strangers.emplace_back("stranger" + std::to_string(strangers.size()), "ristretto255");
    visits.push_back(stranger.sign_in(to(doctor, source)));
    return visits.back();
  };
  CHECK(knock("127.0.0.20").waiting == seconds(600));
  CHECK(knock("127.0.0.20").waiting == seconds(600));
  auto& third = knock("127.0.0.20");
  CHECK_FALSE(third.waiting);
  CHECK(third.told() == disconnect_reason::busy);
  CHECK(knock("127.0.0.21").waiting == seconds(600));
  CHECK(doctor.command({"waiting"}).size() == 3);
}

}  // namespace wardline::test
