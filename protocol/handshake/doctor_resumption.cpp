// Section 7, the doctor's part. "No public-key operation happens on this path."
#include <utility>

#include "common/crypto/constant_time.hpp"
#include "protocol/handshake/doctor_closing.hpp"
#include "protocol/handshake/doctor_states.hpp"
#include "protocol/handshake/resumption.hpp"
#include "protocol/message/resume.hpp"

namespace wardline::protocol::doctor_side {
namespace {

// "It is refused to a key that is revoked, or blocked by the operator"; a patient who is not
// enrolled any more, or with other keys, has nothing to come back to.
bool may_resume(const kept_token& kept, const crypto::fingerprint& key, unix_ms now, scene& s) {
  const auto enrolled = s.directory.find_enrolled(kept.patient.id);
  return now < kept.expires && enrolled && *enrolled == kept.patient &&
         !s.directory.is_revoked(key) && !s.directory.is_blocked(key);
}

}  // namespace

outcome resume(const frame& f, scene& s) {
  const auto request = decode<resume_request>(f.body());
  if (!request) return close_for(to_errc(request.error()));
  // "The timestamp window and rn_p serve as in section 6."
  const auto now = s.ours.time.now();
  if (!within_window(request->ts_p, now, s.ours)) return close_for(errc::clock_skew);
  if (s.ours.nonces.contains(request->rn_p, now)) return close_for(errc::replayed);

  auto kept = s.directory.find_token(request->token);
  if (!kept) return close_for(errc::token_refused);
  const auto fields = f.body().first(f.body().size() - binder_mac::size);
  const auto thr1 = resume_request_hash(f.header(), fields);
  const auto binder = compute_binder(kept->secret, thr1);
  if (!crypto::equal_in_constant_time(binder.view(), request->binder.view())) {
    auto c = close_for(errc::token_refused);  // "a wrong binder spends nothing"
    c.bad_binder = true;
    return c;
  }

  const auto key = crypto::fingerprint_of(kept->patient);
  const auto fail = [&](errc cause) { return concerning(close_for(cause), kept->patient, key); };
  const auto window = static_cast<unix_ms>(s.ours.window.count());
  const auto until = saturating_add(now, saturating_add(window, window));
  if (!s.ours.nonces.insert(request->rn_p, now, until)) return fail(errc::replayed);
  // "A token works once: its row is deleted, on disk, when its binder has verified".
  if (!s.directory.spend_token(request->token)) return fail(errc::token_refused);
  if (!may_resume(*kept, key, now, s)) return fail(errc::token_refused);

  resume_response response{s.ours.time.now(), s.ours.random.make<handshake_nonce>(), {}};
  const auto header = make_header(frame_type::resume_response, false, encoded_size(response));
  const auto unsigned_body = encode(response);
  const auto thr2 =
      resume_response_hash(thr1, binder, header,
                           byte_view(unsigned_body).first(unsigned_body.size() - resume_mac::size));
  response.mac = compute_resume_mac(kept->secret, thr2);

  auto sk = derive_resumed_session_key(kept->secret, request->rn_p, response.rn_d, thr2);
  transition t;
  t.step.send.push_back(encode_frame(frame_type::resume_response, encode(response)));
  // "then verifier as above, with th4 = thr2."
  t.next =
      expect_verifier{candidate{std::move(kept->patient), key, authenticated_patient::way::resumed,
                                std::nullopt, kept->scopes, kept->chain_began},
                      std::move(sk), thr2};
  return t;
}

}  // namespace wardline::protocol::doctor_side
