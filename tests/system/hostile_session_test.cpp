// A session at the gateway whose patient, or somebody on the path, does not keep to the rules.
#include "tests/support/catch.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

using protocol::disconnect_reason;
using protocol::frame_type;

protocol::content text_message(scripted_patient& from, const std::string& text) {
  return {from.random().make<protocol::message_id>(),
          from.time.now(),
          0,
          protocol::content_type::text,
          protocol::priority::routine,
          to_bytes(as_bytes(text))};
}

// The session still works, both ways.
void must_be_alive(doctor_program& doctor, patient_visit& visit, scripted_patient& patient) {
  const auto message = text_message(patient, "still here");
  visit.send(frame_type::direct, message);
  CHECK(doctor.events().await("message").at("text") == "still here");
  CHECK(visit.await<protocol::receipt>(frame_type::receipt).message_id == message.id);
}

// Ended, and the reason was not said in the open.
void must_end_without_a_word(doctor_program& doctor, patient_visit& visit,
                             const std::string& cause) {
  while (const auto frame = visit.next()) CHECK(frame->type != frame_type::disconnect);
  CHECK(doctor.events().await("patient_disconnected").at("reason") == cause);
}

}  // namespace

TEST_CASE("an unprotected DISCONNECT in a session is ignored by the gateway") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  auto visit = enrol(doctor, alice);
  const auto reason = GENERATE(disconnect_reason::goodbye, disconnect_reason::refused);
  visit.peer.send(protocol::encode_frame(frame_type::disconnect,
                                         protocol::encode(protocol::disconnect{reason, 0, {}})));
  visit.peer.send(protocol::encode_frame(frame_type::disconnect, bytes(3)));
  must_be_alive(doctor, visit, alice);
  CHECK(doctor.events().seen("patient_disconnected") == 0);
}

TEST_CASE("a flipped bit in a session ends it without a word, and the patient resumes") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  auto visit = enrol(doctor, alice);
  auto frame = visit.seal(frame_type::direct, protocol::encode(text_message(alice, "pain: 3")));
  flip_last_bit(frame);
  visit.peer.send(frame);
  must_end_without_a_word(doctor, visit, "invalid_tag");
  CHECK(doctor.events().seen("message") == 0);

  auto again = sign_in(doctor, alice, resuming(to(doctor)));
  must_be_alive(doctor, again, alice);
}

TEST_CASE("a frame of a session that is sent twice ends it") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  auto visit = enrol(doctor, alice);
  const auto frame = visit.seal(frame_type::direct, protocol::encode(text_message(alice, "once")));
  visit.peer.send(frame);
  visit.peer.send(frame);
  must_end_without_a_word(doctor, visit, "invalid_tag");
  CHECK(doctor.events().await("message").at("text") == "once");
  CHECK(doctor.events().seen("message") == 0);
}

TEST_CASE("a frame of another session does not open") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  scripted_patient bob("bob", "ristretto255");
  auto hers = enrol(doctor, alice);
  auto his = enrol(doctor, bob);
  hers.peer.send(his.seal(frame_type::direct, protocol::encode(text_message(bob, "I am Alice"))));
  must_end_without_a_word(doctor, hers, "invalid_tag");
  CHECK(doctor.events().seen("message") == 0);
  const auto patients = doctor.command({"patients"});
  CHECK(patients[0].at("connected") == false);
  CHECK(patients[1].at("connected") == true);
}

TEST_CASE("what only a doctor sends ends a session as a protocol error, told in it") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  auto visit = enrol(doctor, alice);
  const auto type = GENERATE(frame_type::group_key, frame_type::session_token);
  CAPTURE(protocol::name(type));
  visit.send(type, bytes(48));
  const auto last = visit.await(frame_type::disconnect);
  CHECK(last.is_protected);
  const auto notice = session_line::must_decode<protocol::disconnect>(last.content);
  CHECK(notice.reason == disconnect_reason::protocol_error);
  CHECK(doctor.events().await("patient_disconnected").at("reason") == "protocol_error");
}

TEST_CASE("a frame of the handshake, or a broadcast, ends a session") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  auto visit = enrol(doctor, alice);
  const auto type = GENERATE(frame_type::hello, frame_type::verifier, frame_type::broadcast);
  CAPTURE(protocol::name(type));
  visit.peer.send(protocol::encode_frame(type, bytes(40)));
  visit.peer.read_to_end();
  CHECK(doctor.events().await("patient_disconnected").at("reason") == "protocol_error");
}

TEST_CASE("a receipt with a wrong proof delivers nothing, and the session goes on") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  auto visit = enrol(doctor, alice);
  doctor.command({"message", "alice", "Come by at ten."});
  const auto message = visit.await<protocol::content>(frame_type::direct);

  auto other = message;
  other.body = to_bytes(as_bytes("Come by at nine."));
  visit.send_receipt(other);
  CHECK(doctor.events().await("refused").at("cause") == "wrong_proof");
  CHECK(doctor.events().seen("delivery") == 0);
  visit.send_receipt(message);
  CHECK(doctor.events().await("delivery").at("state") == "decrypted");
}

TEST_CASE("a patient cannot receipt what another was sent") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  scripted_patient bob("bob", "ristretto255");
  auto hers = enrol(doctor, alice);
  auto his = enrol(doctor, bob);
  doctor.command({"message", "alice", "Come by at ten."});
  const auto message = hers.await<protocol::content>(frame_type::direct);
  his.send_receipt(message);
  const auto refused = doctor.events().await("refused");
  CHECK(refused.at("id") == "bob");
  CHECK(refused.at("cause") == "wrong_proof");
  CHECK(doctor.events().seen("delivery") == 0);
}

TEST_CASE("a session frame of the largest size arrives, and a larger one ends the connection") {
  doctor_program doctor("ristretto255");
  scripted_patient alice("alice", "ristretto255");
  auto visit = enrol(doctor, alice);
  const std::string largest(protocol::max_content_body, 'x');
  visit.send(frame_type::direct, text_message(alice, largest));
  CHECK(doctor.events().await("message").at("text") == largest);
  visit.peer.send(big_endian<4>(std::uint64_t{protocol::session_frame_limit} + 1));
  visit.peer.read_to_end();
  CHECK(doctor.events().await("patient_disconnected").at("reason") == "protocol_error");
}

}  // namespace wardline::test
