#include "protocol/handshake/doctor_states.hpp"

#include <utility>

#include "common/crypto/constant_time.hpp"
#include "protocol/handshake/doctor_closing.hpp"
#include "protocol/message/verifier.hpp"
#include "protocol/session/session_keys.hpp"

namespace wardline::protocol::doctor_side {

bool within_window(unix_ms time, unix_ms now, const doctor_context& ours) noexcept {
  return distance(time, now) <= static_cast<unix_ms>(ours.window.count());
}

// Section 6: "`hello` (empty body) asks for the doctor's identity".
outcome expect_request::on(const received<frame_type::hello>& m, scene& s) && {
  if (!m.body().empty()) return close_for(errc::invalid_encoding);
  transition t;
  if (const auto frame = s.ours.announcements.fresh()) {
    t.step.send.push_back(*frame);
    t.next = expect_request_after_hello{};
  } else {
    t.step.compute = std::make_unique<sign_announcement>(s.ours.announcements);
    t.next = expect_announcement{};
  }
  return t;
}

outcome expect_announcement::on(sign_announcement& done, scene&) && {
  if (!done.frame()) return close_for(errc::unavailable);
  transition t;
  t.step.send.push_back(*done.frame());
  t.next = expect_request_after_hello{};
  return t;
}

outcome expect_request::on(const received<frame_type::auth_request>& m, scene& s) && {
  return screen_auth_request(m.in, s);
}
outcome expect_request_after_hello::on(const received<frame_type::auth_request>& m, scene& s) && {
  return screen_auth_request(m.in, s);
}
outcome expect_request::on(const received<frame_type::resume_request>& m, scene& s) && {
  return resume(m.in, s);
}
outcome expect_request_after_hello::on(const received<frame_type::resume_request>& m, scene& s) && {
  return resume(m.in, s);
}

outcome screen_auth_request(const frame& f, scene& s) {
  const auto& self = s.ours.self;
  // Section 6.1: "group and doctor_fp are mine, else wrong_doctor".
  auto request = read_auth_request(f.body(), self.group(), crypto::shorten(self.own_fingerprint()));
  if (!request) return close_for(to_errc(request.error()));
  // "|now - ts_p| <= window (default 30 s), else clock_skew; rn_p not remembered, else replayed".
  const auto now = s.ours.time.now();
  if (!within_window(request->ts_p, now, s.ours)) return close_for(errc::clock_skew);
  if (s.ours.nonces.contains(request->rn_p, now)) return close_for(errc::replayed);
  // "admission (section 10)": last, so that only what will cost an exponentiation is charged.
  if (const auto admitted = s.directory.admit_full_handshake(); admitted != errc::ok) {
    return close_for(admitted);
  }

  transcript th1(self.encoded());
  th1.add_fields(f.header(),
                 f.body().first(auth_request::fields_size(self.group().element_size())));
  transition t;
  t.step.compute = std::make_unique<open_request>(s.ours, std::move(*request), th1, now);
  t.next = expect_opened_request{};
  return t;
}

outcome expect_opened_request::on(open_request& done, scene& s) && {
  auto& opened = done.outcome();
  if (opened) return decide(std::move(*opened), s);
  const auto cause = to_errc(opened.error());
  if (cause == errc::unavailable) return close_for(cause);
  // Section 9: "every authentication failure looks like this to the peer"; "a malformed E or
  // identity are told as refused".
  return close_for(cause, disconnect_reason::refused);
}

outcome expect_response_made::on(respond& done, scene&) && {
  auto& made = done.outcome();
  if (!made) return concerning(close_for(to_errc(made.error())), patient.who, patient.key);
  transition t;
  t.step.send.push_back(std::move(made->frame));
  t.next = expect_verifier{std::move(patient), std::move(made->sk), made->th4};
  return t;
}

outcome expect_verifier::on(const received<frame_type::verifier>& m, scene& s) && {
  const auto verifier = decode<protocol::verifier>(m.body());
  const auto fail = [&](errc cause) {
    auto c = concerning(close_for(cause), patient.who, patient.key);
    c.after_resumption = patient.how == authenticated_patient::way::resumed;
    return c;
  };
  if (!verifier) return fail(to_errc(verifier.error()));
  // Section 6: "The doctor, on verifier: time window; skv, compared in constant time." The window
  // first: a late verifier is no wrong one, and counts against nobody.
  const auto now = s.ours.time.now();
  if (!within_window(verifier->ts_v, now, s.ours)) return fail(errc::clock_skew);
  const auto expected = compute_verifier(sk, th4, verifier->ts_v);
  if (!crypto::equal_in_constant_time(expected.view(), verifier->skv.view())) {
    return fail(errc::wrong_verifier);
  }

  transition t;
  t.step.established.emplace(authenticated_patient{
      std::move(patient.who), patient.key, std::move(sk), patient.how, std::move(patient.invite),
      patient.scopes, patient.chain_began.value_or(now), verifier_accepted()});
  t.next = finished{};
  return t;
}

}  // namespace wardline::protocol::doctor_side
