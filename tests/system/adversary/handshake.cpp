#include "tests/system/adversary/handshake.hpp"

#include "tests/system/adversary/primitives.hpp"

namespace wardline::test::adversary {
namespace {

const octets zero_nonce(12);

octets sealed_body(const octets& key, const octets& th, const octets& plain) {
  return seal(key, zero_nonce, th, plain);
}

}  // namespace

request_values fresh_request_values(const group& g) {
  return {g.ephemeral(), random_octets(32), now_ms()};
}

sign_in::sign_in(const own_identity& me, identity doctor, request_values values)
    : me_(me), doctor_(std::move(doctor)), values_(std::move(values)) {}

octets sign_in::request(const std::function<void(request_parts&)>& fault) {
  const group& g = me_.in;
  request_parts parts{g.id,
                      doctor_.doctor_fp(),
                      values_.ts_p,
                      values_.rn_p,
                      g.power_of_generator(values_.a),
                      me_.shown_to_all.encoded(),
                      {},
                      {},
                      {},
                      {},
                      [this](const octets& m) { return me_.sign("patient auth", m); },
                      g.element_size + g.scalar_size};
  if (fault) fault(parts);

  const auto clear_fields =
      u8(parts.group_id) + parts.doctor_fp + u64(parts.ts_p) + parts.rn_p + parts.e;
  // The header has the final length, and the plaintext depends on the header: its length is that
  // of its parts.
  const bool has_proof = parts.invite_proof || parts.invite_secret;
  const std::size_t proof_size = parts.invite_proof ? parts.invite_proof->size()
                                 : has_proof        ? 32
                                                    : 0;
  const std::size_t signature_size =
      parts.signature ? parts.signature->size() : parts.signature_size;
  const std::size_t plain_size =
      parts.plain1 ? parts.plain1->size()
                   : parts.shown_identity.size() + 1 + proof_size + 2 + signature_size;
  const auto header = make_header(auth_request, clear, clear_fields.size() + 2 + plain_size + 16);

  const auto th0 = hash(label("handshake") + doctor_.encoded());
  th1 = hash(th0 + header + clear_fields);
  ck1 = extract(label("handshake"), g.dh(values_.a, doctor_.y_kem));
  const auto k1 = expand(ck1, "request key", th1, 32);

  octets proof;
  if (parts.invite_proof) {
    proof = *parts.invite_proof;
  } else if (parts.invite_secret) {
    proof = hmac(*parts.invite_secret, label("invite") + th1 + parts.shown_identity);
  }
  octets plain1;
  if (parts.plain1) {
    plain1 = *parts.plain1;
  } else {
    const auto statement = parts.shown_identity + opaque8(proof);
    const auto signature = parts.signature ? *parts.signature : parts.signer(th1 + statement);
    plain1 = statement + opaque16(signature);
  }
  th2 = hash(th1 + plain1);
  return header + clear_fields + opaque16(sealed_body(k1, th1, plain1));
}

bool sign_in::on_response(const arrived& frame) {
  const group& g = me_.in;
  fields body(frame.body());
  body.take(8 + 32);
  const auto f = body.take(g.element_size);
  th3 = hash(th2 + frame.header() + first(frame.body(), body.position()));
  ck2 = extract(ck1, g.dh(values_.a, f));
  ck3 = extract(ck2, g.dh(me_.x_kem, f));
  const auto plain2 = open(expand(ck3, "response key", th3, 32), zero_nonce, th3, body.opaque16());
  if (!plain2 || !body.at_end()) return false;
  th4 = hash(th3 + *plain2);
  sk = expand(ck3, "session key", th4, 32);
  return g.verify(doctor_.y_sig, "doctor auth", th3, fields(*plain2).opaque16());
}

std::optional<std::uint64_t> sign_in::on_waiting(const arrived& frame) const {
  const auto plain = open(expand(ck1, "waiting", th2, 32), zero_nonce, th2, frame.body());
  if (!plain) return std::nullopt;
  return fields(*plain).number(4);
}

octets sign_in::verifier_at(std::uint64_t ts_v) const { return make_verifier(sk, th4, ts_v); }

octets make_verifier(const octets& sk, const octets& th4, std::uint64_t ts_v) {
  return make_frame(verifier, clear, u64(ts_v) + hmac(expand(sk, "verifier", 32), th4 + u64(ts_v)));
}

octets resumption::request(std::uint64_t ts_p, const octets& rn_p) {
  rn_p_ = rn_p;
  const auto clear_fields = opaque16(ticket_.token) + u64(ts_p) + rn_p;
  const auto header = make_header(resume_request, clear, clear_fields.size() + 32);
  thr1_ = hash(label("resume") + header + clear_fields);
  binder_ = hmac(expand(ticket_.rs, "binder", 32), thr1_);
  return header + clear_fields + binder_;
}

bool resumption::on_response(const arrived& frame) {
  fields body(frame.body());
  body.take(8);
  const auto rn_d = body.take(32);
  thr2 = hash(thr1_ + binder_ + frame.header() + first(frame.body(), body.position()));
  sk = expand(extract(ticket_.rs, rn_p_ + rn_d), "session key", thr2, 32);
  return body.take(32) == hmac(expand(ticket_.rs, "resume response", 32), thr2) && body.at_end();
}

octets reception_desk::announce(std::uint64_t time) const {
  const auto said = doctor_.shown_to_all.encoded() + u64(time);
  return make_frame(identity_frame, clear, said + opaque16(doctor_.sign("self", said)));
}

bool reception_desk::on_request(const arrived& frame) {
  const group& g = doctor_.in;
  fields body(frame.body());
  body.take(1 + 8 + 8 + 32);
  e_ = body.take(g.element_size);
  th1_ = hash(hash(label("handshake") + doctor_.shown_to_all.encoded()) + frame.header() +
              first(frame.body(), body.position()));
  ck1_ = extract(label("handshake"), g.dh(doctor_.x_kem, e_));
  const auto plain1 =
      open(expand(ck1_, "request key", th1_, 32), zero_nonce, th1_, body.opaque16());
  if (!plain1) return false;
  th2_ = hash(th1_ + *plain1);
  fields plain(*plain1);
  patient = read_identity(plain, g.element_size);
  plain.opaque8();
  const auto statement = first(*plain1, plain.position());
  return g.verify(patient.y_sig, "patient auth", th1_ + statement, plain.opaque16());
}

octets reception_desk::respond(const integer& b, const octets& rn_d, std::uint64_t ts_d,
                               const std::function<void(response_parts&)>& fault) {
  const group& g = doctor_.in;
  response_parts parts{ts_d, rn_d, g.power_of_generator(b),
                       [this](const octets& th3) { return doctor_.sign("doctor auth", th3); }};
  if (fault) fault(parts);
  const auto clear_fields = u64(parts.ts_d) + parts.rn_d + parts.f;
  const auto plain_size = 2 + g.element_size + g.scalar_size;
  const auto header = make_header(auth_response, clear, clear_fields.size() + 2 + plain_size + 16);
  const auto th3 = hash(th2_ + header + clear_fields);
  const auto ck3 = extract(extract(ck1_, g.dh(b, e_)), g.dh(b, patient.y_kem));
  const auto plain2 = opaque16(parts.signer(th3));
  th4_ = hash(th3 + plain2);
  sk = expand(ck3, "session key", th4_, 32);
  return header + clear_fields +
         opaque16(sealed_body(expand(ck3, "response key", th3, 32), th3, plain2));
}

bool reception_desk::on_verifier(const arrived& frame) const {
  return make_verifier(sk, th4_, fields(frame.body()).number(8)) == frame.whole;
}

octets reception_desk::waiting_for(std::uint32_t seconds) const {
  return make_frame(waiting, clear,
                    sealed_body(expand(ck1_, "waiting", th2_, 32), th2_, u32(seconds)));
}

}  // namespace wardline::test::adversary
