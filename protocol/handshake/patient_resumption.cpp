// Section 7, the patient's part.
#include <utility>

#include "common/crypto/constant_time.hpp"
#include "protocol/handshake/patient_closing.hpp"
#include "protocol/handshake/patient_states.hpp"
#include "protocol/message/resume.hpp"

namespace wardline::protocol::patient_side {
namespace {

// What a MAC at the end of `body` covers.
byte_view all_but_last(byte_view body, std::size_t size) { return body.first(body.size() - size); }

}  // namespace

outcome request_resumption(crypto::identity doctor, resumption_ticket ticket, scene& s) {
  resume_request request{
      std::move(ticket.token), s.ours.time.now(), s.ours.random.make<handshake_nonce>(), {}};
  const auto unsigned_body = encode(request);
  const auto header = make_header(frame_type::resume_request, false, unsigned_body.size());
  const auto thr1 = resume_request_hash(header, all_but_last(unsigned_body, binder_mac::size));
  request.binder = compute_binder(ticket.secret, thr1);
  transition t;
  t.step.send.push_back(encode_frame(frame_type::resume_request, encode(request)));
  t.next = expect_resume_response{std::move(doctor), std::move(ticket.secret), request.rn_p, thr1,
                                  request.binder};
  return t;
}

outcome expect_resume_response::on(const received<frame_type::resume_response>& m, scene& s) && {
  const auto response = decode<resume_response>(m.body());
  if (!response) return close_for(to_errc(response.error()));
  // "The timestamp window and rn_p serve as in section 6."
  if (auto skew = check_window(response->ts_d, s)) return std::move(*skew);
  const auto thr2 =
      resume_response_hash(thr1, binder, m.in.header(), all_but_last(m.body(), resume_mac::size));
  const auto mac = compute_resume_mac(rs, thr2);
  if (!crypto::equal_in_constant_time(mac.view(), response->mac.view())) {
    return close_for(errc::authentication_failed);
  }
  // "then verifier as above, with th4 = thr2"; RS is forgotten with this state.
  return send_verifier(std::move(doctor),
                       derive_resumed_session_key(rs, rn_p, response->rn_d, thr2), thr2, true, s);
}

}  // namespace wardline::protocol::patient_side
