// The real patient against a doctor, or somebody on the path or in the group, who does not keep to
// the rules.
#include <csignal>

#include "common/crypto/aead.hpp"
#include "common/crypto/labels.hpp"
#include "common/util/text_encoding.hpp"
#include "protocol/handshake/doctor_respond.hpp"
#include "protocol/message/broadcast.hpp"
#include "protocol/session/counter_nonce.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_doctor.hpp"
#include "tests/system/programs.hpp"

namespace wardline::test {
namespace {

using protocol::disconnect_reason;
using protocol::frame_type;

void start(patient_program& patient, const scripted_doctor& doctor) {
  auto options = doctor.directions();
  options.insert(options.end(), {"--id", patient.id()});
  patient.start_with(options);
}

doctor_visit must_sign_in(scripted_doctor& doctor, patient_program& patient) {
  auto visit = doctor.accept();
  REQUIRE(visit.is_up());
  patient.events().await("authenticated");
  return visit;
}

bytes hint(disconnect_reason reason, std::uint32_t retry_after_s = 0) {
  return protocol::encode_frame(frame_type::disconnect,
                                protocol::encode(protocol::disconnect{reason, retry_after_s, {}}));
}

void send_in_session(doctor_visit& visit, disconnect_reason reason,
                     std::uint32_t retry_after_s = 0) {
  visit.send(frame_type::disconnect, protocol::disconnect{reason, retry_after_s, {}});
}

// What a member of the group, who has its key, can make: everything but the doctor's signature.
bytes forge(const prepared_broadcast& at, const scripted_doctor& doctor,
            const crypto::own_identity& member, const protocol::content& content) {
  auto random = crypto::system_random();
  const auto fp = crypto::shorten(doctor.self().own_fingerprint());
  const auto position = protocol::encode(at.slot.position);
  auto plaintext = protocol::encode(content);
  const auto signature =
      member.sign(crypto::label::broadcast, {fp.view(), position, plaintext}, random);
  append(plaintext, big_endian<2>(signature.size()));
  append(plaintext, signature);

  const auto header =
      protocol::make_header(frame_type::broadcast, false,
                            position.size() + plaintext.size() + crypto::aes256_gcm::tag_size);
  bytes whole = to_bytes(header);
  append(whole, position);
  bytes aad = to_bytes(header);
  append(aad, fp.view());
  append(aad, position);
  crypto::aes256_gcm(at.slot.keys.key)
      .seal(protocol::counter_nonce(at.slot.keys.iv, at.slot.position.seq), aad, plaintext, whole);
  return whole;
}

// The auth_response that `signer` makes who has learned all of the doctor's secrets but the
// signature key.
bytes answer_as(const crypto::own_identity& signer, scripted_doctor& doctor, byte_view request) {
  using namespace protocol;
  const auto f = decode_frame(request, handshake_frame_limit).value();
  const auto& self = doctor.self();
  transcript th1(self.encoded());
  th1.add_fields(f.header(),
                 f.body().first(auth_request::fields_size(self.group().element_size())));
  doctor_side::open_request opening(
      doctor.context(),
      read_auth_request(f.body(), self.group(), crypto::shorten(self.own_fingerprint())).value(),
      th1, doctor.time.now());
  opening.run();

  const auto& c = doctor.context();
  const doctor_context as_signer{signer, c.time, c.random, c.nonces, c.announcements};
  doctor_side::respond responding(as_signer, opening.outcome().value());
  responding.run();
  return responding.outcome().value().frame;
}

crypto::own_identity somebody(crypto::role role, const std::string& id) {
  return {crypto::system_random().make_secret<32>(), role, crypto::group_id::ffdhe3072, id};
}

}  // namespace

TEST_CASE("an auth_response that another has signed is refused") {
  scripted_doctor doctor;
  const auto other = somebody(crypto::role::doctor, "dr-lee");
  patient_program alice("alice");
  start(alice, doctor);

  auto peer = doctor.accept_silently();
  CHECK(type_of(peer.next_frame().value()) == frame_type::hello);
  peer.send(*doctor.context().announcements.sign());
  const auto request = peer.next_frame().value();
  peer.send(answer_as(other, doctor, request));
  for (const auto& frame : peer.read_to_end()) CHECK(type_of(frame) != frame_type::verifier);
  peer.close();
  alice.events().await("error", where("error", "invalid_signature"));
  CHECK(alice.events().wait() == 1);
  CHECK(alice.events().seen("authenticated") == 0);
}

TEST_CASE("a doctor's frame of the handshake with a flipped bit is refused") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  struct row {
    frame_type flipped;
    std::string error;
  };
  const auto r = GENERATE(row{frame_type::identity, "invalid_signature"},
                          row{frame_type::waiting, "invalid_tag"},
                          row{frame_type::auth_response, "authentication_failed"},
                          row{frame_type::session_token, "invalid_tag"});
  CAPTURE(protocol::name(r.flipped));
  auto visit = doctor.accept(only(r.flipped, flip_last_bit));
  visit.peer.read_to_end();
  visit.peer.close();
  alice.events().await("error", where("error", r.error));
  CHECK(alice.events().wait() == 1);
  CHECK(alice.events().seen("authenticated") == 0);
}

TEST_CASE("a hint before the session ends a patient who was never let in") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  auto peer = doctor.accept_silently();
  peer.send(hint(disconnect_reason::refused));
  peer.close();
  alice.events().await("error", where("error", "refused"));
  CHECK(alice.events().wait() == 1);
}

TEST_CASE("a hint before the session does not end a patient who has signed in before") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  must_sign_in(doctor, alice).peer.close();
  alice.events().await("disconnected");

  // Whatever it says, and however long it says to wait.
  for (const auto reason :
       {disconnect_reason::refused, disconnect_reason::session_over, disconnect_reason::busy}) {
    CAPTURE(protocol::name(reason));
    auto peer = doctor.accept_silently();
    peer.next_frame();
    peer.send(hint(reason, 0xffffffff));
    const auto ended = alice.events().await("disconnected", where("reason", name(reason)));
    CHECK(ended.at("retry_in_ms").get<std::uint64_t>() <= 300'000);
  }
  must_sign_in(doctor, alice);
}

TEST_CASE("a hint does not end a patient who has signed in before it was started again") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  must_sign_in(doctor, alice);
  CHECK(alice.stop(SIGTERM) == 0);

  start(alice, doctor);
  auto peer = doctor.accept_silently();
  peer.send(hint(disconnect_reason::refused));
  CHECK(alice.events().await("disconnected").contains("retry_in_ms"));
  must_sign_in(doctor, alice);
}

TEST_CASE("the doctor's word in a session is believed") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  auto visit = must_sign_in(doctor, alice);
  SECTION("refused: it ends") {
    send_in_session(visit, disconnect_reason::refused);
    visit.peer.close();
    CHECK_FALSE(alice.events().await("disconnected").contains("retry_in_ms"));
    CHECK(alice.events().wait() == 1);
  }
  SECTION("session_over: it ends") {
    send_in_session(visit, disconnect_reason::session_over);
    visit.peer.close();
    CHECK_FALSE(alice.events().await("disconnected").contains("retry_in_ms"));
    CHECK(alice.events().wait() == 0);
  }
  SECTION("busy: it comes back, and not before it may") {
    send_in_session(visit, disconnect_reason::busy, 1);
    const auto ended = alice.events().await("disconnected", where("reason", "busy"));
    CHECK(ended.at("retry_in_ms").get<std::uint64_t>() >= 1000);
    must_sign_in(doctor, alice);
  }
  SECTION("token_refused: a full handshake follows") {
    send_in_session(visit, disconnect_reason::token_refused);
    doctor.directory.tokens.clear();
    CHECK_FALSE(doctor.accept().is_up());  // by its ticket, which is refused
    CHECK_FALSE(must_sign_in(doctor, alice).is_resumed());
  }
}

TEST_CASE("an unprotected DISCONNECT in a session is ignored by the patient") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  auto visit = must_sign_in(doctor, alice);
  visit.peer.send(hint(disconnect_reason::refused));
  visit.peer.send(hint(disconnect_reason::session_over));
  visit.peer.send(protocol::encode_frame(frame_type::disconnect, bytes(3)));
  visit.send(frame_type::check, protocol::check{false, 1, 0, 0, 0});
  CHECK(visit.await<protocol::check>(frame_type::check).is_reply);
  CHECK(alice.events().seen("disconnected") == 0);
}

TEST_CASE("a flipped bit in a session ends it, and the patient resumes") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  auto visit = must_sign_in(doctor, alice);
  auto frame = visit.seal(frame_type::check, protocol::encode(protocol::check{false, 1, 0, 0, 0}));
  flip_last_bit(frame);
  visit.peer.send(frame);
  while (const auto f = visit.next()) CHECK(f->type != frame_type::check);
  CHECK(alice.events().await("disconnected").contains("retry_in_ms"));
  CHECK(must_sign_in(doctor, alice).is_resumed());
}

TEST_CASE("a length of 2^31 ends the connection, and a patient who was signed in comes back") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  auto visit = must_sign_in(doctor, alice);
  visit.peer.send(big_endian<4>(std::uint64_t{1} << 31U));
  visit.peer.read_to_end();
  CHECK(alice.events().await("disconnected").contains("retry_in_ms"));
  must_sign_in(doctor, alice);
}

TEST_CASE("a doctor who falls silent in the handshake is left, and tried again") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  auto silent = doctor.accept_silently();
  const auto ended = alice.events().await("disconnected");
  CHECK(ended.at("reason") == "timed_out");
  CHECK(ended.contains("retry_in_ms"));
  must_sign_in(doctor, alice);
}

TEST_CASE("a message before the session stands is not shown") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  auto peer = doctor.accept_silently();
  peer.next_frame();
  const auto type = GENERATE(frame_type::direct, frame_type::broadcast);
  const bool is_protected = type == frame_type::direct;
  bytes whole = to_bytes(protocol::make_header(type, is_protected, 60));
  whole.resize(whole.size() + 60);
  peer.send(whole);
  peer.read_to_end();
  peer.close();
  alice.events().await("error");
  CHECK(alice.events().wait() == 1);
  CHECK(alice.events().seen("message") == 0);
}

TEST_CASE("a broadcast that a member has forged is neither shown nor receipted") {
  scripted_doctor doctor;
  const auto mallory = somebody(crypto::role::patient, "mallory");
  patient_program alice("alice");
  start(alice, doctor);
  auto visit = must_sign_in(doctor, alice);
  doctor.give_group_key(visit);
  alice.events().await("group_key");

  const auto honest = doctor.prepare("Take two a day.");
  auto forged = honest.content;
  forged.id = doctor.random().make<protocol::message_id>();
  forged.body = to_bytes(as_bytes("Take twenty a day."));
  visit.peer.send(forge(honest, doctor, mallory, forged));
  alice.events().await("error", where("error", "invalid_signature"));

  // And it has not put her ahead of the real one.
  visit.peer.send(honest.sealed.frame);
  CHECK(alice.events().await("message").at("text") == "Take two a day.");
  const auto receipt = visit.await<protocol::receipt>(frame_type::receipt);
  CHECK(receipt.message_id == honest.content.id);
  CHECK(alice.events().seen("message") == 0);
}

TEST_CASE("a forgery of junk does not put a patient ahead of the real broadcasts") {
  scripted_doctor doctor;
  const auto mallory = somebody(crypto::role::patient, "mallory");
  patient_program alice("alice");
  start(alice, doctor);
  auto visit = must_sign_in(doctor, alice);
  doctor.give_group_key(visit);
  const auto first = doctor.prepare("first");
  auto later = doctor.prepare("later");
  visit.peer.send(forge(later, doctor, mallory, later.content));
  alice.events().await("error", where("error", "invalid_signature"));
  visit.peer.send(first.sealed.frame);
  CHECK(alice.events().await("message").at("text") == "first");
}

TEST_CASE("a broadcast that is played again is dropped, in its session and in the next") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  auto visit = must_sign_in(doctor, alice);
  doctor.give_group_key(visit);
  const auto once = doctor.prepare("once");
  visit.peer.send(once.sealed.frame);
  alice.events().await("message");
  visit.peer.send(once.sealed.frame);
  alice.events().await("error", where("error", "stale_epoch"));

  visit.peer.close();
  auto next = must_sign_in(doctor, alice);
  doctor.give_group_key(next);
  next.peer.send(once.sealed.frame);
  alice.events().await("error", where("error", "stale_epoch"));
  CHECK(alice.events().seen("message") == 0);
}

TEST_CASE("a broadcast that was withheld is noticed by the next check, told, and asked for") {
  scripted_doctor doctor;
  patient_program alice("alice");
  start(alice, doctor);
  auto visit = must_sign_in(doctor, alice);
  doctor.give_group_key(visit);
  const auto withheld = doctor.prepare("Come at once.");  // and the path drops it

  visit.send(frame_type::check, doctor.state_of_group(1));
  CHECK(visit.await<protocol::check>(frame_type::check).is_reply);
  const auto asks = [](const protocol::check& c) { return !c.is_reply; };
  visit.await<protocol::check>(frame_type::check, asks);
  alice.events().await("broadcast_missing");

  auto again = withheld.content;
  again.type = protocol::content_type::redelivered_broadcast;
  again.body =
      protocol::encode_redelivery({withheld.slot.position, withheld.content,
                                   protocol::encode(withheld.content), withheld.sealed.signature});
  visit.send(frame_type::direct, again);
  const auto message = alice.events().await("message");
  CHECK(message.at("text") == "Come at once.");
  CHECK(message.at("redelivered") == true);
  CHECK(message.at("kind") == "broadcast");
  CHECK(visit.await<protocol::receipt>(frame_type::receipt).message_id == withheld.content.id);
  alice.events().await("broadcasts_complete");
}

TEST_CASE("a redelivery that the doctor has not signed is neither shown nor receipted") {
  scripted_doctor doctor;
  const auto mallory = somebody(crypto::role::patient, "mallory");
  patient_program alice("alice");
  start(alice, doctor);
  auto visit = must_sign_in(doctor, alice);
  doctor.give_group_key(visit);
  const auto honest = doctor.prepare("Take two a day.");
  auto forged = honest.content;
  forged.body = to_bytes(as_bytes("Take twenty a day."));
  auto again = forged;
  again.type = protocol::content_type::redelivered_broadcast;
  again.body = protocol::encode_redelivery(
      {honest.slot.position, forged, protocol::encode(forged), honest.sealed.signature});
  visit.send(frame_type::direct, again);
  alice.events().await("error", where("error", "invalid_signature"));
  visit.peer.send(honest.sealed.frame);
  CHECK(alice.events().await("message").at("text") == "Take two a day.");
}

}  // namespace wardline::test
