// The patient's rules of sections 6, 7 and 9 that are more than one frame's outcome.
#include "protocol/handshake/patient_handshake.hpp"

#include <limits>

#include "protocol/message/announcement.hpp"
#include "tests/protocol/handshake/exchange.hpp"
#include "tests/protocol/handshake/frame_kinds.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;

namespace {

bytes told(disconnect_reason reason) {
  return encode_frame(frame_type::disconnect, encode(disconnect{reason, 0, {}}));
}

bytes announcement_of(clinic& c, const crypto::own_identity& who, unix_ms time) {
  return make_announcement(who, time, c.random);
}

}  // namespace

TEST_CASE("a pinned doctor whose identity differs is refused, and shown") {
  clinic c;
  auto patient = c.new_patient(c.known_by_fingerprint());
  patient.start();
  const auto step =
      patient.on_frame(as_frame(announcement_of(c, c.who.other_doctor, clinic::opening)));
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::wrong_doctor);
  REQUIRE(step.close->offending_doctor);
  CHECK(*step.close->offending_doctor == c.who.other_doctor.public_part());
  CHECK_FALSE(step.doctor_pinned);
  CHECK_FALSE(step.ask_person);
}

TEST_CASE("a doctor known by an identity that another pin contradicts is refused before a word") {
  clinic c;
  auto known = c.known();
  known.pinned = c.who.other_doctor.own_fingerprint();
  auto patient = c.new_patient(std::move(known));
  const auto step = patient.start();
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::wrong_doctor);
}

TEST_CASE("on first use nothing is sent or pinned until the person has accepted the doctor") {
  clinic c;
  auto patient = c.new_patient({});
  REQUIRE(patient.start().send.size() == 1);
  const auto asked = patient.on_frame(as_frame(announcement_of(c, c.who.doctor, clinic::opening)));
  REQUIRE(asked.ask_person);
  CHECK(*asked.ask_person == c.who.doctor.public_part());
  CHECK(asked.send.empty());
  CHECK_FALSE(asked.doctor_pinned);
  CHECK(patient.state_name() == "expect_person");

  const auto accepted = patient.accept_doctor();
  REQUIRE(accepted.doctor_pinned);
  CHECK(*accepted.doctor_pinned == c.who.doctor.public_part());
  REQUIRE(accepted.send.size() == 1);
  CHECK(kind_of(accepted.send[0]).type == frame_type::auth_request);
}

TEST_CASE("a doctor of another group than ours is a conflict that shows the doctor") {
  clinic c(crypto::group_id::ristretto255);
  const auto& elsewhere = people_of(crypto::group_id::ffdhe2048).doctor;
  SECTION("as it answers") {
    auto patient = c.new_patient({});
    patient.start();
    const auto step = patient.on_frame(as_frame(announcement_of(c, elsewhere, clinic::opening)));
    REQUIRE(step.close);
    CHECK(step.close->cause == errc::conflict);
    CHECK(step.close->offending_doctor == elsewhere.public_part());
    CHECK_FALSE(step.ask_person);
  }
  SECTION("as it is known") {
    known_doctor known;
    known.identity = elsewhere.public_part();
    auto patient = c.new_patient(std::move(known));
    const auto step = patient.start();
    REQUIRE(step.close);
    CHECK(step.close->cause == errc::conflict);
    CHECK(step.close->offending_doctor == elsewhere.public_part());
  }
}

TEST_CASE("for clock_skew the patient learns by how much from the signed time of identity") {
  const std::vector<std::pair<unix_ms, std::int64_t>> times{
      {clinic::opening + 61'000, 61'000},
      {clinic::opening - 61'000, -61'000},
      {UINT64_MAX, std::numeric_limits<std::int64_t>::max()},
      {0, -static_cast<std::int64_t>(clinic::opening)},
  };
  for (const auto& [time, ahead] : times) {
    clinic c;
    auto patient = c.new_patient(c.known_by_fingerprint());
    patient.start();
    REQUIRE_FALSE(patient.on_frame(as_frame(announcement_of(c, c.who.doctor, time))).close);
    const auto step = patient.on_frame(as_frame(told(disconnect_reason::clock_skew)));
    REQUIRE(step.close);
    CHECK(step.close->cause == errc::clock_skew);
    CHECK(step.close->doctor_ahead_ms == ahead);
  }
}

TEST_CASE("without a hello the doctor's clock is unknown until it answers") {
  clinic c;
  auto hinted = c.new_patient(c.known());
  hinted.start();
  const auto hint = hinted.on_frame(as_frame(told(disconnect_reason::clock_skew)));
  CHECK(hint.close->cause == errc::clock_skew);
  CHECK_FALSE(hint.close->doctor_ahead_ms);

  auto answered = c.new_patient(c.known());
  auto doctor = c.new_doctor();
  auto response = compute_through(doctor, doctor.on_frame(as_frame(answered.start().send.at(0))));
  c.time.advance(milliseconds(30'001));
  const auto late = answered.on_frame(as_frame(response.send.at(0)));
  REQUIRE(late.close);
  CHECK(late.close->cause == errc::clock_skew);
  CHECK(late.close->doctor_ahead_ms == -30'001);
}

TEST_CASE("other hints say nothing about the doctor's clock") {
  clinic c;
  auto patient = c.new_patient(c.known_by_fingerprint());
  patient.start();
  patient.on_frame(as_frame(announcement_of(c, c.who.doctor, clinic::opening + 61'000)));
  const auto step = patient.on_frame(as_frame(told(disconnect_reason::busy)));
  CHECK(step.close->cause == errc::busy);
  CHECK_FALSE(step.close->doctor_ahead_ms);
}

TEST_CASE("a ticket that has expired is not tried, and one without a doctor neither") {
  clinic c;
  auto expired = c.with_ticket();
  expired.ticket->expires = clinic::opening;
  auto patient = c.new_patient(std::move(expired));
  CHECK(kind_of(patient.start().send.at(0)).type == frame_type::auth_request);

  auto known = c.with_ticket();
  known_doctor alone;
  alone.pinned = known.pinned;
  alone.ticket = std::move(known.ticket);
  auto other = c.new_patient(std::move(alone));
  CHECK(kind_of(other.start().send.at(0)).type == frame_type::hello);
}

TEST_CASE("a refused token ends the connection by that name, for a full handshake on another") {
  clinic c;
  auto patient = c.new_patient(c.with_ticket());
  REQUIRE(kind_of(patient.start().send.at(0)).type == frame_type::resume_request);
  const auto step = patient.on_frame(as_frame(told(disconnect_reason::token_refused)));
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::token_refused);
  CHECK(step.send.empty());
}

TEST_CASE("what the patient finds wrong it tells the doctor as little about as the doctor does") {
  clinic c;
  auto patient = c.new_patient(c.known());
  auto doctor = c.new_doctor();
  auto response = compute_through(doctor, doctor.on_frame(as_frame(patient.start().send.at(0))));
  response.send.at(0).back() ^= 1;
  const auto step = patient.on_frame(as_frame(response.send[0]));
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::authentication_failed);
  REQUIRE(step.send.size() == 1);
  const auto notice = decode<disconnect>(as_frame(step.send[0]).body());
  REQUIRE(notice.has_value());
  CHECK(notice->reason == disconnect_reason::refused);
  CHECK(notice->text.empty());
}

TEST_CASE("the two machines agree in every group, and what they agree on carries a session") {
  for (const auto group : {crypto::group_id::ffdhe2048, crypto::group_id::ffdhe3072,
                           crypto::group_id::ffdhe4096, crypto::group_id::ristretto255}) {
    INFO(crypto::name(group));
    clinic c(group);
    exchange x(c, path_named("after hello"));
    REQUIRE(x.doctor_established);
    REQUIRE(x.patient_established);
    CHECK(to_bytes(x.doctor_established->sk.view()) == to_bytes(x.patient_established->sk.view()));
    CHECK(x.patient_established->doctor_key == c.who.doctor.own_fingerprint());
    CHECK(x.doctor_established->key == c.who.patient.own_fingerprint());

    // The doctor's first frame was the token: its second is the patient's second.
    secure_channel doctor(x.doctor_established->sk, side::doctor);
    doctor.seal(frame_type::session_token, {});
    auto& patient = x.patient_established->channel;
    const auto down = doctor.seal(frame_type::direct, as_bytes("take two"));
    const auto down_opened = patient.open(*decode_frame(down, session_frame_limit));
    REQUIRE(down_opened.has_value());
    CHECK(as_text(down_opened->view()) == "take two");
    const auto up = patient.seal(frame_type::direct, as_bytes("done"));
    const auto up_opened = doctor.open(*decode_frame(up, session_frame_limit));
    REQUIRE(up_opened.has_value());
    CHECK(as_text(up_opened->view()) == "done");
  }
}

TEST_CASE("two handshakes of the same pair share no key") {
  clinic c;
  const exchange first(c, path_named("enrolled"));
  const exchange second(c, path_named("enrolled"));
  REQUIRE(first.doctor_established);
  REQUIRE(second.doctor_established);
  CHECK(to_bytes(first.doctor_established->sk.view()) !=
        to_bytes(second.doctor_established->sk.view()));
}
