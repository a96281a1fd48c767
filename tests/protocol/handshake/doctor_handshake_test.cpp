// The doctor's rules of section 6 that are more than one frame's outcome.
#include "protocol/handshake/doctor_handshake.hpp"

#include "protocol/handshake/transcript.hpp"
#include "protocol/message/auth_request.hpp"
#include "protocol/message/verifier.hpp"
#include "tests/protocol/handshake/exchange.hpp"
#include "tests/protocol/handshake/frame_kinds.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;

namespace {

using way = authenticated_patient::way;

bytes request_to(clinic& c) { return c.new_patient(c.known()).start().send.at(0); }

handshake_nonce nonce_of(const bytes& auth_request) {
  const auto at = header_size + 1 + 8 + 8;
  return *handshake_nonce::from(byte_view(auth_request).subspan(at, 32));
}

// The doctor's decision on an auth_request: all that follows from it but the verifier.
doctor_step answer_to(clinic& c, const bytes& request) {
  auto doctor = c.new_doctor();
  return compute_through(doctor, doctor.on_frame(as_frame(request)));
}

// The same request with one byte of plain1 changed by `flip` and sealed again. The seal keeps no
// patient from this: only the signature ties plain1 to its sender.
bytes with_changed_secret(const clinic& c, const bytes& request, std::size_t at, byte flip) {
  const auto fields_size = auth_request::fields_size(c.who.doctor.group().element_size());
  const auto body = byte_view(request).subspan(header_size);
  transcript th(c.who.doctor.encoded());
  th.add_fields(byte_view(request).first(header_size), body.first(fields_size));
  const auto e = body.subspan(fields_size - c.who.doctor.group().element_size(),
                              c.who.doctor.group().element_size());
  const auto k1 = derive_request_key(first_chaining_key(c.who.doctor.dh(e).value()), th.value());
  const auto opened = open_once(k1, th.value(), body.subspan(fields_size + 2));
  auto plain1 = to_bytes(opened->view());
  plain1.at(at) ^= flip;
  bytes changed = to_bytes(byte_view(request).first(header_size + fields_size + 2));
  append(changed, seal_once(k1, th.value(), plain1));
  return changed;
}

bytes with_wrong_signature(const clinic& c, const bytes& request) {
  const auto plain1_size = request.size() - header_size -
                           auth_request::fields_size(c.who.doctor.group().element_size()) - 2 - 16;
  return with_changed_secret(c, request, plain1_size - 1, 0x01);
}

// A verifier in the right time with another skv.
bytes wrong_verifier_at(unix_ms now) {
  return encode_frame(frame_type::verifier, encode(verifier{now, {}}));
}

}  // namespace

TEST_CASE("admission is asked once, after the cheap checks and before any exponentiation") {
  clinic c;
  c.directory.admission = errc::busy;
  auto doctor = c.new_doctor();
  const auto request = request_to(c);
  const auto step = doctor.on_frame(as_frame(request));
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::busy);
  CHECK(step.close->notice.reason == disconnect_reason::busy);
  CHECK(step.close->notice.retry_after_s > 0);
  CHECK_FALSE(step.compute);
  CHECK(c.directory.admissions_asked == 1);
  CHECK_FALSE(c.nonces.contains(nonce_of(request), c.time.now()));

  // What fails before it costs nothing, and nobody is charged for it.
  c.time.advance(milliseconds(30'001));
  auto another = c.new_doctor();
  CHECK(another.on_frame(as_frame(request)).close->cause == errc::clock_skew);
  CHECK(c.directory.admissions_asked == 1);
}

TEST_CASE("the window is open at its last millisecond, on both sides") {
  for (const int offset : {-30'001, -30'000, 30'000, 30'001}) {
    clinic c;
    const auto request = request_to(c);
    c.time.advance(milliseconds(offset));
    const auto step = answer_to(c, request);
    INFO(offset);
    CHECK(step.close.has_value() == (std::abs(offset) > 30'000));
  }
}

TEST_CASE("a replayed auth_request is refused for as long as its time is in the window") {
  clinic c;
  const auto request = request_to(c);
  c.time.advance(milliseconds(-30'000));  // as early as it can come
  REQUIRE_FALSE(answer_to(c, request).close);
  for (const int later : {0, 30'000, 60'000}) {
    c.time.set(clinic::opening - 30'000 + static_cast<unix_ms>(later));
    const auto step = answer_to(c, request);
    REQUIRE(step.close);
    CHECK(step.close->cause == errc::replayed);
    CHECK(step.close->notice.reason == disconnect_reason::refused);
  }
  c.time.set(clinic::opening + 30'001);
  CHECK(answer_to(c, request).close->cause == errc::clock_skew);

  // "it saves work": neither an exponentiation nor a place in the queue is spent on it.
  c.time.set(clinic::opening);
  auto doctor = c.new_doctor();
  const auto asked_before = c.directory.admissions_asked;
  CHECK(doctor.on_frame(as_frame(request)).close.has_value());
  CHECK(c.directory.admissions_asked == asked_before);
}

TEST_CASE("a request whose sealed part does not open leaves its nonce free for the honest one") {
  clinic c;
  const auto honest = request_to(c);
  auto forged = honest;
  forged.back() ^= 1;
  CHECK(answer_to(c, forged).close->cause == errc::authentication_failed);
  CHECK_FALSE(c.nonces.contains(nonce_of(honest), c.time.now()));
  CHECK_FALSE(answer_to(c, honest).close);
}

TEST_CASE("a stranger waits, is told so once, and is nobody before its verifier is accepted") {
  clinic c;
  c.directory.enrolled.clear();
  auto patient = c.new_patient(c.known());
  auto doctor = c.new_doctor();
  auto asked = compute_through(doctor, doctor.on_frame(as_frame(patient.start().send.at(0))));
  REQUIRE(asked.ask_operator);
  CHECK(asked.ask_operator->who == c.who.patient.public_part());
  CHECK(asked.ask_operator->key == c.who.patient.own_fingerprint());
  CHECK_FALSE(asked.ask_operator->conflict);
  REQUIRE(asked.send.size() == 1);
  CHECK(kind_of(asked.send[0]).type == frame_type::waiting);
  CHECK(patient.on_frame(as_frame(asked.send[0])).waiting == seconds(600));

  // "ts_p is not checked again": nine minutes later it is long outside the window.
  c.time.advance(milliseconds(540'000));
  auto answered = compute_through(doctor, doctor.admit());
  CHECK_FALSE(answered.established);
  auto verified = patient.on_frame(as_frame(answered.send.at(0)));
  auto done = doctor.on_frame(as_frame(verified.send.at(0)));
  REQUIRE(done.established);
  CHECK(done.established->how == way::admitted);
  CHECK(done.established->scopes == scope::all);
}

TEST_CASE("whom the operator refuses, or the time, is told not_admitted, and a full room is busy") {
  const std::vector<std::pair<errc, disconnect_reason>> words{
      {errc::refused, disconnect_reason::not_admitted},
      {errc::timed_out, disconnect_reason::not_admitted},
      {errc::busy, disconnect_reason::busy},
  };
  for (const auto& [cause, told] : words) {
    clinic c;
    c.directory.enrolled.clear();
    auto doctor = c.new_doctor();
    compute_through(doctor, doctor.on_frame(as_frame(request_to(c))));
    const auto step = doctor.refuse(cause);
    REQUIRE(step.close);
    CHECK(step.close->cause == cause);
    CHECK(step.close->notice.reason == told);
    CHECK(step.close->id == "p1");
    CHECK(step.close->key == c.who.patient.own_fingerprint());
  }
}

TEST_CASE("an id that is enrolled with other keys waits, and the operator is shown the conflict") {
  clinic c;
  c.directory.enrolled.insert_or_assign("p1", c.who.imposter.public_part());
  const auto step = answer_to(c, request_to(c));
  REQUIRE(step.ask_operator);
  CHECK(step.ask_operator->conflict);
}

TEST_CASE("a signature that does not verify is answered alike, whosever keys are shown") {
  // "Only then is anything decided, so that neither answer nor time tells a stranger who is a
  // patient": enrolled, unknown, in conflict, revoked, blocked.
  const std::vector<void (*)(clinic&)> standings{
      [](clinic&) {},
      [](clinic& c) { c.directory.enrolled.clear(); },
      [](clinic& c) { c.directory.enrolled.insert_or_assign("p1", c.who.imposter.public_part()); },
      [](clinic& c) { c.directory.revoked.insert(c.who.patient.own_fingerprint()); },
      [](clinic& c) { c.directory.blocked_here.insert(c.who.patient.own_fingerprint()); },
  };
  for (const auto stand : standings) {
    clinic c;
    stand(c);
    const auto step = answer_to(c, with_wrong_signature(c, request_to(c)));
    REQUIRE(step.close);
    CHECK(step.close->cause == errc::invalid_signature);
    CHECK(step.close->notice.reason == disconnect_reason::refused);
    CHECK_FALSE(step.close->key);
    CHECK(step.send.empty());
  }
}

TEST_CASE("an identity that does not decode under a right seal is told as refused") {
  clinic c;
  const auto step = answer_to(c, with_changed_secret(c, request_to(c), 0, 0x07));  // the role
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::invalid_encoding);
  CHECK(step.close->notice.reason == disconnect_reason::refused);
}

TEST_CASE("a doctor's identity signs in nowhere as a patient") {
  clinic c;
  const auto step = answer_to(c, with_changed_secret(c, request_to(c), 0, 0x03));  // role doctor
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::authentication_failed);
}

TEST_CASE("an invite lets its own id in once it is proved, and names itself") {
  const auto with_invite = [](clinic& c) {
    auto known = c.known();
    known.invite = first_invite();
    return c.new_patient(std::move(known)).start().send.at(0);
  };
  SECTION("among others of the same id") {
    clinic c;
    c.directory.enrolled.clear();
    c.directory.invites["p1"].push_back({{}, clinic::opening + 1});
    c.directory.invites["p1"].push_back({first_invite(), clinic::opening + 1});
    CHECK_FALSE(answer_to(c, with_invite(c)).close);
  }
  SECTION("not at the moment at which it expires") {
    clinic c;
    c.directory.enrolled.clear();
    c.directory.invites["p1"].push_back({first_invite(), clinic::opening});
    CHECK(answer_to(c, with_invite(c)).close->cause == errc::authentication_failed);
  }
  SECTION("not when the id is enrolled with other keys, though the invite is good") {
    clinic c;
    c.directory.enrolled.insert_or_assign("p1", c.who.imposter.public_part());
    c.directory.invites["p1"].push_back({first_invite(), clinic::opening + 1});
    const auto step = answer_to(c, with_invite(c));
    CHECK(step.close->cause == errc::authentication_failed);
    CHECK(step.close->id == "p1");
  }
  SECTION("a patient who is enrolled with these keys needs none, and a bad one does no harm") {
    clinic c;
    const exchange x(c, {"enrolled, with an invite that nobody knows", [](clinic& there) {
                           auto known = there.known();
                           known.invite = first_invite();
                           return known;
                         }});
    REQUIRE(x.doctor_established);
    CHECK(x.doctor_established->how == way::enrolled);
    CHECK_FALSE(x.doctor_established->invite);
  }
}

TEST_CASE("a revoked key, or one blocked at this address, is refused whoever it belongs to") {
  for (const bool is_enrolled : {true, false}) {
    for (const bool is_revoked : {true, false}) {
      clinic c;
      if (!is_enrolled) c.directory.enrolled.clear();
      auto& list = is_revoked ? c.directory.revoked : c.directory.blocked_here;
      list.insert(c.who.patient.own_fingerprint());
      const auto step = answer_to(c, request_to(c));
      REQUIRE(step.close);
      CHECK(step.close->cause == errc::refused);
      CHECK(step.close->notice.reason == disconnect_reason::refused);
      CHECK(step.close->id == "p1");
      CHECK(step.close->key == c.who.patient.own_fingerprint());
      CHECK(step.send.empty());
    }
  }
}

TEST_CASE("a wrong verifier says whose it was, and whether after a resumption") {
  for (const bool resumed : {false, true}) {
    clinic c;
    auto patient = c.new_patient(resumed ? c.with_ticket() : c.known());
    auto doctor = c.new_doctor();
    compute_through(doctor, doctor.on_frame(as_frame(patient.start().send.at(0))));
    const auto step = doctor.on_frame(as_frame(wrong_verifier_at(c.time.now())));
    REQUIRE(step.close);
    CHECK(step.close->cause == errc::wrong_verifier);
    CHECK(step.close->notice.reason == disconnect_reason::refused);
    CHECK(step.close->key == c.who.patient.own_fingerprint());
    CHECK(step.close->id == "p1");
    CHECK(step.close->after_resumption == resumed);
  }
}

TEST_CASE("a verifier that comes late is clock_skew and not a wrong one") {
  clinic c;
  auto doctor = c.new_doctor();
  compute_through(doctor, doctor.on_frame(as_frame(request_to(c))));
  const auto step = doctor.on_frame(as_frame(wrong_verifier_at(c.time.now() + 30'001)));
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::clock_skew);
}

TEST_CASE("a request of another doctor's patient says nothing about any key") {
  clinic c;
  auto known = c.known();
  known.identity = c.who.other_doctor.public_part();
  const auto step = answer_to(c, c.new_patient(std::move(known)).start().send.at(0));
  REQUIRE(step.close);
  CHECK(step.close->cause == errc::wrong_doctor);
  CHECK(step.close->notice.reason == disconnect_reason::refused);
  CHECK_FALSE(step.close->key);
  CHECK(step.close->id.empty());
}

TEST_CASE("a second hello is a protocol error, and so is one with a body of its own") {
  clinic c;
  const auto hello = encode_frame(frame_type::hello, {});
  auto doctor = c.new_doctor();
  CHECK_FALSE(compute_through(doctor, doctor.on_frame(as_frame(hello))).close);
  CHECK(doctor.on_frame(as_frame(hello)).close->cause == errc::protocol_error);

  auto another = c.new_doctor();
  const auto with_body = encode_frame(frame_type::hello, bytes(1, 0));
  CHECK(another.on_frame(as_frame(with_body)).close->cause == errc::invalid_encoding);
}
