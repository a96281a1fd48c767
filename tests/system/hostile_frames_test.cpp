// Section 11, at the door: what is not the frame that is awaited ends the connection, and nothing
// of it has any effect.
#include <fstream>

#include "tests/protocol/handshake/frame_kinds.hpp"
#include "tests/support/catch.hpp"
#include "tests/system/groups.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

using protocol::disconnect_reason;
using protocol::frame_type;

// No deadline interferes, so that what closes is what must close.
const std::vector<std::string> unhurried{"--handshake-timeout", "1h"};

raw_peer connect(const doctor_program& doctor, const std::string& source = "127.0.0.1") {
  return raw_peer({doctor.port(), source});
}

const bytes& hello() {
  static const bytes whole = protocol::encode_frame(frame_type::hello, {});
  return whole;
}

// Told so in a word, closed, and the operator knows.
void must_end_as_protocol_error(doctor_program& doctor, raw_peer& peer) {
  CHECK(read_disconnect(peer.next_frame()).reason == disconnect_reason::protocol_error);
  CHECK(peer.read_to_end().empty());
  CHECK(doctor.events().await("sign_in_failed").at("cause") == "protocol_error");
}

// What is no frame is not answered with one.
void must_end_without_a_word(doctor_program& doctor, raw_peer& peer) {
  CHECK(peer.read_to_end().empty());
  CHECK(doctor.events().await("sign_in_failed").at("cause") == "protocol_error");
}

unsigned long largest_memory_kib(pid_t program) {
  std::ifstream status("/proc/" + std::to_string(program) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmPeak:", 0) == 0) return std::stoul(line.substr(7));
  }
  return 0;
}

}  // namespace

TEST_CASE("a first frame that no patient begins with is a protocol error") {
  doctor_program doctor("ristretto255", {"--max-failures", "100", "--handshake-timeout", "1h"});
  for (const auto& kind : all_frame_kinds()) {
    const bool may_begin = kind.type == frame_type::hello ||
                           kind.type == frame_type::auth_request ||
                           kind.type == frame_type::resume_request;
    const bool is_hint = kind == frame_kind{frame_type::disconnect, false};
    if (may_begin || is_hint) continue;
    CAPTURE(describe(kind));
    auto peer = connect(doctor);
    peer.send(make_frame(kind, bytes(60)));
    must_end_as_protocol_error(doctor, peer);
  }
}

TEST_CASE("a second hello is a protocol error") {
  doctor_program doctor("ristretto255", unhurried);
  auto peer = connect(doctor);
  peer.send(hello());
  CHECK(type_of(peer.next_frame().value()) == frame_type::identity);
  peer.send(hello());
  must_end_as_protocol_error(doctor, peer);
}

TEST_CASE("a second request instead of the verifier is a protocol error") {
  doctor_program doctor("ristretto255", unhurried);
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  bytes request;
  auto how = to(doctor);
  how.meddle = [&](bytes& whole) {
    if (type_of(whole) == frame_type::auth_request) request = whole;
    if (type_of(whole) == frame_type::verifier) whole = request;
  };
  const auto failed = fail_to_sign_in(doctor, alice, how);
  CHECK(failed.told == disconnect_reason::protocol_error);
  CHECK(failed.event.at("cause") == "protocol_error");
}

TEST_CASE("frames of a session before there is one are a protocol error") {
  doctor_program doctor("ristretto255", unhurried);
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  const auto type = GENERATE(frame_type::disconnect, frame_type::direct, frame_type::check);
  CAPTURE(protocol::name(type));
  auto how = to(doctor);
  how.meddle = only(frame_type::verifier, [&](bytes& whole) {
    whole = make_frame({type, true}, bytes(60));
  });
  CHECK(fail_to_sign_in(doctor, alice, how).told == disconnect_reason::protocol_error);
}

TEST_CASE("a length of 2^31 closes at once, and no memory is taken for it") {
  doctor_program doctor("ristretto255", unhurried);
  const auto before = largest_memory_kib(doctor.events().program().id());
  REQUIRE(before > 0);
  for (int i = 0; i < 10; ++i) {
    auto peer = connect(doctor);
    peer.send(big_endian<4>(std::uint64_t{1} << 31U));
    must_end_without_a_word(doctor, peer);
  }
  const auto after = largest_memory_kib(doctor.events().program().id());
  CHECK(after - before < (1UL << 20U));  // 1 GiB: half of what one would take
}

TEST_CASE("a frame over the limit closes before it is sent") {
  doctor_program doctor("ristretto255", unhurried);
  const auto length =
      GENERATE(std::uint64_t{0}, std::uint64_t{3},
               std::uint64_t{protocol::handshake_frame_limit} + 1, std::uint64_t{0xffffffff});
  CAPTURE(length);
  auto peer = connect(doctor);
  peer.send(big_endian<4>(length));
  must_end_without_a_word(doctor, peer);
}

TEST_CASE("a browser at the door is shown out") {
  doctor_program doctor("ristretto255", unhurried);
  auto peer = connect(doctor);
  peer.send(as_bytes("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
  must_end_without_a_word(doctor, peer);
}

TEST_CASE("a request to another doctor is told as refused") {
  doctor_program doctor("ristretto255", unhurried);
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  auto how = to(doctor);
  constexpr std::size_t doctor_fp_at = protocol::header_size + 1;
  how.meddle = only(frame_type::auth_request, [](bytes& whole) { whole[doctor_fp_at] ^= 1U; });
  const auto failed = fail_to_sign_in(doctor, alice, how);
  CHECK(failed.told == disconnect_reason::refused);
  CHECK(failed.last_sent == frame_type::auth_request);
  CHECK(failed.event.at("cause") == "wrong_doctor");
}

TEST_CASE("a replayed auth_request is refused, from wherever it comes") {
  const auto group = any_group();
  doctor_program doctor(group, unhurried);
  scripted_patient alice("alice", group);
  const auto visit = enrol(doctor, alice);
  for (const char* source : {"127.0.0.1", "127.0.0.66"}) {
    CAPTURE(source);
    auto thief = connect(doctor, source);
    thief.send(visit.sent_frame(frame_type::auth_request));
    CHECK(read_disconnect(thief.next_frame()).reason == disconnect_reason::refused);
    CHECK(thief.read_to_end().empty());
    const auto event = doctor.events().await("sign_in_failed");
    CHECK(event.at("cause") == "replayed");
  }
  CHECK(doctor.command({"patients"})[0].at("connected") == true);
}

TEST_CASE("a replay when the gateway has forgotten the nonce ends at the verifier") {
  doctor_program doctor("ristretto255", unhurried);
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  auto visit = sign_in(doctor, alice, to(doctor));
  visit.peer.close();
  doctor.restart();

  auto thief = connect(doctor, "127.0.0.66");
  thief.send(visit.sent_frame(frame_type::auth_request));
  CHECK(type_of(thief.next_frame().value()) == frame_type::auth_response);
  thief.send(visit.sent_frame(frame_type::verifier));
  CHECK(read_disconnect(thief.next_frame()).reason == disconnect_reason::refused);
  CHECK(doctor.events().await("sign_in_failed").at("cause") == "wrong_verifier");
  CHECK(doctor.command({"patients"})[0].at("connected") == false);
}

TEST_CASE("a replayed resume_request is refused") {
  doctor_program doctor("ristretto255", unhurried);
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  auto visit = sign_in(doctor, alice, resuming(to(doctor)));
  auto thief = connect(doctor);
  thief.send(visit.sent_frame(frame_type::resume_request));
  CHECK(read_disconnect(thief.next_frame()).reason == disconnect_reason::refused);
  CHECK(doctor.events().await("sign_in_failed").at("cause") == "replayed");

  // Nor when the nonce is forgotten: a token works once.
  visit.peer.close();
  doctor.restart();
  auto later = connect(doctor);
  later.send(visit.sent_frame(frame_type::resume_request));
  CHECK(read_disconnect(later.next_frame()).reason == disconnect_reason::token_refused);
  CHECK(doctor.events().await("sign_in_failed").at("cause") == "token_refused");
}

TEST_CASE("a token is spent by a right binder, whatever comes of it, and not by a wrong one") {
  doctor_program doctor("ristretto255", unhurried);
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  auto first_copy = alice.copy_ticket();
  auto second_copy = alice.copy_ticket();
  const auto resume_spoiling = [&](frame_type type) {
    return fail_to_sign_in(doctor, alice, resuming(spoiling(type, to(doctor))));
  };
  CHECK(resume_spoiling(frame_type::resume_request).told == disconnect_reason::token_refused);
  alice.ticket = std::move(first_copy);
  CHECK(resume_spoiling(frame_type::verifier).event.at("cause") == "wrong_verifier");
  alice.ticket = std::move(second_copy);
  const auto failed = fail_to_sign_in(doctor, alice, resuming(to(doctor)));
  CHECK(failed.told == disconnect_reason::token_refused);
  CHECK(failed.event.at("cause") == "token_refused");
}

TEST_CASE("a bit flipped anywhere in a request lets nobody in, and the patient is not blocked") {
  doctor_program doctor("ristretto255", {"--handshake-timeout", "1h", "--max-failures", "1000",
                                         "--handshake-burst", "1000"});
  scripted_patient alice("alice", "ristretto255");
  enrol(doctor, alice);
  const auto size = sign_in(doctor, alice, to(doctor)).sent_frame(frame_type::auth_request).size();
  // Of the clear fields, the element, the sealed part and its tag.
  for (std::size_t at = protocol::header_size; at < size; at += 13) {
    CAPTURE(at);
    auto how = to(doctor);
    how.meddle = only(frame_type::auth_request, [at](bytes& whole) { whole[at] ^= 0x80U; });
    const auto failed = alice.sign_in(how);
    CHECK_FALSE(failed.is_up());
    doctor.events().await("sign_in_failed");
  }
  CHECK(doctor.events().seen("patient_authenticated") == 0);
  sign_in(doctor, alice, to(doctor));
}

}  // namespace wardline::test
