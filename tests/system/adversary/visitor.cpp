#include "tests/system/adversary/visitor.hpp"

#include <sodium.h>

#include "tests/support/catch.hpp"
#include "tests/system/adversary/primitives.hpp"

namespace wardline::test::adversary {

std::optional<arrived> visit::next() {
  auto frame = peer.next();
  if (frame) heard.push_back(*frame);
  return frame;
}

arrived visit::must_hear(frame_kind kind) {
  const auto frame = next();
  if (!frame) FAIL("closed without a word");
  if (!frame->is(kind)) {
    FAIL("another frame: " << hex(first(frame->whole, 64)) << " instead of kind "
                           << int{kind.opcode} << "/" << int{kind.kind});
  }
  return *frame;
}

void visit::send_verifier(std::uint64_t ts_v) {
  p2d.emplace(sk, "p2d");
  d2p.emplace(sk, "d2p");
  peer.send(make_verifier(sk, th4, ts_v));
}

void visit::must_be_let_in() {
  const auto opened = d2p->open(must_hear(session_token));
  REQUIRE(opened.has_value());
  token = read_token(sk, *opened);
  const auto key = d2p->open(must_hear(group_key));
  REQUIRE(key.has_value());
  group = read_group_key(*key);
}

octets visit::must_be_told(frame_kind kind) {
  for (;;) {
    const auto frame = next();
    if (!frame) FAIL("closed without a word");
    if (frame->flags() != is_protected) {
      if (frame->is(kind)) return frame->body();
      continue;
    }
    const auto plaintext = d2p->open(*frame);
    if (!plaintext) FAIL("a frame does not open: " << hex(frame->header()));
    if (frame->is(group_key)) group = read_group_key(*plaintext);
    if (frame->is(kind)) return *plaintext;
  }
}

arrived visit::must_hear_broadcast() {
  must_be_told(broadcast);
  return heard.back();
}

void visit::must_be_alive() {
  const std::uint64_t sequence = p2d->counter + 1'000'000;
  say(check, check_body(false, sequence));
  for (;;) {
    fields f(must_be_told(check));
    if (f.number(1) == 1 && f.number(8) == sequence) return;
  }
}

std::string describe(const ending& e) {
  if (!e.told) return "without a word";
  return "reason " + std::to_string(static_cast<int>(*e.told)) +
         (e.in_session ? " in the session" : "");
}

ending read_to_end(visit& v) {
  ending out;
  while (const auto frame = v.next()) {
    const bool is_sealed = frame->flags() == is_protected;
    std::optional<octets> plaintext = frame->body();
    if (is_sealed) {
      REQUIRE(v.d2p.has_value());
      plaintext = v.d2p->open(*frame);
      REQUIRE(plaintext.has_value());
    }
    if (frame->is(disconnect)) out = {reason_in(*plaintext), is_sealed};
  }
  return out;
}

json must_be_refused(doctor_program& gateway, visit& v, const ending& end,
                     const std::string& cause) {
  CHECK(describe(read_to_end(v)) == describe(end));
  auto event = gateway.events().await("sign_in_failed");
  CHECK(event.at("cause") == cause);
  return event;
}

visitor::visitor(const std::string& group, std::string id, std::string where)
    : keys(a_patient, group_named(group), std::move(id), random_octets(32)),
      source(std::move(where)) {}

visit visitor::connect(const doctor_program& gateway) const {
  return visit(line(gateway.port(), source));
}

void visitor::learn_doctor(const doctor_program& gateway) {
  auto v = connect(gateway);
  v.peer.send(make_frame(hello, clear, {}));
  fields said(v.must_hear(identity_frame).body());
  const auto shown_identity = read_identity(said, keys.in.element_size);
  const auto statement = shown_identity.encoded() + said.take(8);
  REQUIRE(keys.in.verify(shown_identity.y_sig, "self", statement, said.opaque16()));
  REQUIRE(said.at_end());
  REQUIRE(shown(shown_identity.fingerprint()) == gateway.fingerprint());
  doctor = shown_identity;
  v.peer.send(make_frame(disconnect, clear, disconnect_body(reason::goodbye)));
}

visitor::asked visitor::ask(const doctor_program& gateway,
                            const std::function<void(request_parts&)>& fault) {
  if (!doctor) learn_doctor(gateway);
  asked out{connect(gateway), sign_in(keys, *doctor, fresh_request_values(keys.in))};
  out.v.peer.send(out.handshake.request(fault));
  return out;
}

visit visitor::be_answered(const doctor_program& gateway,
                           const std::function<void(request_parts&)>& fault) {
  auto [v, handshake] = ask(gateway, fault);
  REQUIRE(handshake.on_response(v.must_hear(auth_response)));
  v.th4 = handshake.th4;
  v.sk = handshake.sk;
  return std::move(v);
}

visit visitor::be_answered_again(const doctor_program& gateway) {
  REQUIRE(kept.has_value());
  resumption handshake(*kept);
  kept.reset();
  auto v = connect(gateway);
  v.peer.send(handshake.request(now_ms(), random_octets(32)));
  REQUIRE(handshake.on_response(v.must_hear(resume_response)));
  v.th4 = handshake.thr2;
  v.sk = handshake.sk;
  return v;
}

visit visitor::wait_outside(const doctor_program& gateway) {
  auto [v, handshake] = ask(gateway);
  REQUIRE(handshake.on_waiting(v.must_hear(waiting)).has_value());
  return std::move(v);
}

void visitor::enter(doctor_program& gateway, visit& v, bool resumed) {
  v.send_verifier();
  v.must_be_let_in();
  kept = v.token;
  const auto event = gateway.events().await("patient_authenticated", where("id", id()));
  CHECK(event.at("resumed") == resumed);
}

visit visitor::sign_in_at(doctor_program& gateway,
                          const std::function<void(request_parts&)>& fault) {
  auto v = be_answered(gateway, fault);
  enter(gateway, v, false);
  return v;
}

visit visitor::resume_at(doctor_program& gateway) {
  auto v = be_answered_again(gateway);
  enter(gateway, v, true);
  return v;
}

visit visitor::enrol_at(doctor_program& gateway) {
  const auto secret = secret_of(gateway.invite(id()));
  return sign_in_at(gateway, [&](request_parts& r) { r.invite_secret = secret; });
}

octets secret_of(const std::string& invite) {
  const auto text = invite.substr(invite.find(':') + 1);
  octets out(text.size());
  std::size_t size = 0;
  REQUIRE(sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size,
                            nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0);
  out.resize(size);
  fields f(out);
  f.opaque8();     // host
  f.take(2 + 32);  // port, fingerprint
  f.opaque8();     // patient
  f.take(8);       // expires
  return f.take(16);
}

}  // namespace wardline::test::adversary
