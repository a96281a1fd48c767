// Section 6, the patient's side from the waiting room to the session.
#include <utility>

#include "common/crypto/labels.hpp"
#include "protocol/handshake/patient_closing.hpp"
#include "protocol/handshake/patient_states.hpp"
#include "protocol/message/auth_response.hpp"
#include "protocol/message/verifier.hpp"
#include "protocol/session/session_keys.hpp"

namespace wardline::protocol::patient_side {
namespace {

// plain2 = opaque signature<1100>
struct auth_response_secret {
  bytes signature;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.template opaque<max_signature>(m.signature);
  }
};

// The plaintext of `waiting`: u32 seconds_until_given_up.
struct waiting_time {
  std::uint32_t seconds;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.u32(m.seconds);
  }
};

}  // namespace

std::optional<patient_closing> check_window(unix_ms time, scene& s) {
  const auto now = s.ours.time.now();
  if (distance(time, now) <= static_cast<unix_ms>(s.ours.window.count())) return std::nullopt;
  auto c = close_for(errc::clock_skew);
  c.doctor_ahead_ms = signed_difference(time, now);
  return c;
}

outcome expect_response::on(const received<frame_type::waiting>& m, scene&) && {
  const auto& th2 = sent.th2.value();
  const auto opened = open_once(derive_waiting_key(sent.ck1, th2), th2, m.body());
  if (!opened) return close_for(to_errc(opened.error()));
  const auto time = decode<waiting_time>(opened->view());
  if (!time) return close_for(to_errc(time.error()));
  transition t;
  t.step.waiting = seconds(time->seconds);
  t.next = waiting{std::move(sent)};
  return t;
}

outcome expect_response::on(const received<frame_type::auth_response>& m, scene& s) && {
  return open_response(m.in, std::move(sent), s);
}
outcome waiting::on(const received<frame_type::auth_response>& m, scene& s) && {
  return open_response(m.in, std::move(sent), s);
}

outcome open_response(const frame& f, request_sent sent, scene& s) {
  const auto& group = s.ours.self.group();
  const auto response = read_auth_response(f.body(), group);
  if (!response) return close_for(to_errc(response.error()));
  // "The patient, on auth_response: time window; sealed2 opens; signature."
  if (auto skew = check_window(response->ts_d, s)) return std::move(*skew);

  // "ck2 = Extract(ck1, enc(dh(b, E)));   ck3 = Extract(ck2, enc(dh(b, y_kem_P)))"
  const auto with_ephemeral = group.dh(sent.a, response->f);
  if (!with_ephemeral) return close_for(to_errc(with_ephemeral.error()));
  const auto with_own_key = s.ours.self.dh(response->f);
  if (!with_own_key) return close_for(to_errc(with_own_key.error()));
  const auto ck3 = next_chaining_key(next_chaining_key(sent.ck1, *with_ephemeral), *with_own_key);

  auto th = sent.th2;
  th.add_fields(f.header(), f.body().first(auth_response::fields_size(group.element_size())));
  const auto th3 = th.value();
  const auto plain2 = open_once(derive_response_key(ck3, th3), th3, response->sealed2);
  if (!plain2) return close_for(errc::authentication_failed);
  const auto secret = decode<auth_response_secret>(plain2->view());
  if (!secret) return close_for(to_errc(secret.error()));
  const auto is_signed =
      group.verify(sent.doctor.y_sig, crypto::label::doctor_auth, {th3.view()}, secret->signature);
  if (!is_signed) return close_for(to_errc(is_signed.error()));

  th.add_plaintext(plain2->view());
  return send_verifier(std::move(sent.doctor), derive_session_key(ck3, th.value()), th.value(),
                       false, s);
}

transition send_verifier(crypto::identity doctor, session_key sk, const crypto::digest& th4,
                         bool resumed, scene& s) {
  const auto ts_v = s.ours.time.now();
  const verifier proof{ts_v, compute_verifier(sk, th4, ts_v)};
  secure_channel channel(sk, side::patient);
  transition t;
  t.step.send.push_back(encode_frame(frame_type::verifier, encode(proof)));
  t.next = expect_token{std::move(doctor), std::move(channel), std::move(sk), resumed};
  return t;
}

// Section 8: "The doctor's first protected frame is SESSION_TOKEN; a patient treats the session as
// up when it opens."
outcome expect_token::on(const received<frame_type::session_token>& m, scene&) && {
  const auto opened = channel.open(m.in);
  if (!opened) return close_for(to_errc(opened.error()));
  auto token = decode<session_token>(opened->view());
  if (!token) return close_for(to_errc(token.error()));
  resumption_ticket ticket{token->token, derive_resumption_secret(sk, token->token_nonce),
                           token->expires};
  const auto key = crypto::fingerprint_of(doctor);
  transition t;
  t.step.established.emplace(patient_established{std::move(channel), std::move(sk),
                                                 std::move(doctor), key, std::move(*token),
                                                 std::move(ticket), resumed});
  t.next = finished{};
  return t;
}

}  // namespace wardline::protocol::patient_side
