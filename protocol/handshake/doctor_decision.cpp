// Section 6, steps 5 and 6 of the doctor's checks: who is this, and may it come in?
#include <utility>

#include "common/crypto/constant_time.hpp"
#include "protocol/handshake/doctor_closing.hpp"
#include "protocol/handshake/doctor_states.hpp"

namespace wardline::protocol::doctor_side {
namespace {

using way = authenticated_patient::way;

// The invite that the proof was made with, if it is this id's, unspent and unexpired.
std::optional<invite_secret> find_proved_invite(const opened_request& request, scene& s) {
  const auto now = s.ours.time.now();
  const auto encoded = crypto::encode(request.who);
  for (auto& invite : s.directory.find_invites(request.who.id)) {
    if (invite.expires <= now) continue;
    const auto proof = invite_proof(invite.secret, request.th1, encoded);
    if (crypto::equal_in_constant_time(proof.view(), request.invite_proof)) {
      return std::move(invite.secret);
    }
  }
  return std::nullopt;
}

outcome compute_response(const opened_request& request, candidate patient, scene& s) {
  transition t;
  t.step.compute = std::make_unique<respond>(s.ours, request);
  t.next = expect_response_made{std::move(patient)};
  return t;
}

candidate make_candidate(const opened_request& request, way how,
                         std::optional<invite_secret> invite = std::nullopt) {
  return {request.who, request.key, how, std::move(invite), scope::all, std::nullopt};
}

// Section 6: "body = AEAD(Expand(ck1, "waiting" || th2, 32), nonce 0, aad = th2, u32
// seconds_until_given_up)".
bytes make_waiting_frame(const opened_request& request, milliseconds waiting_time) {
  const auto given_up_in = std::chrono::duration_cast<seconds>(waiting_time).count();
  const auto& th2 = request.th2.value();
  return encode_frame(frame_type::waiting,
                      seal_once(derive_waiting_key(request.ck1, th2), th2,
                                big_endian<4>(static_cast<std::uint32_t>(given_up_in))));
}

outcome wait_for_operator(opened_request request, bool conflict, scene& s) {
  transition t;
  t.step.send.push_back(make_waiting_frame(request, s.ours.waiting_time));
  t.step.ask_operator = stranger{request.who, request.key, conflict};
  t.next = expect_operator{std::move(request)};
  return t;
}

}  // namespace

outcome decide(opened_request request, scene& s) {
  const auto fail = [&](errc cause) {
    return concerning(close_for(cause), request.who, request.key);
  };
  // Section 6.5: "enrolled with exactly these keys: go on. Not so, with an invite: it must be
  // valid, unspent, unexpired, for this id, and the id not enrolled, else authentication_failed.
  // Not so, without an invite: the waiting room".
  const auto enrolled = s.directory.find_enrolled(request.who.id);
  const bool is_enrolled = enrolled && *enrolled == request.who;
  std::optional<invite_secret> invite;
  if (!is_enrolled && !request.invite_proof.empty()) {
    if (!enrolled) invite = find_proved_invite(request, s);
    if (!invite) return fail(errc::authentication_failed);
  }
  // Section 6.6: "The key is not revoked, nor blocked at this source address, else refused."
  if (s.directory.is_revoked(request.key) || s.directory.is_blocked_here(request.key)) {
    return fail(errc::refused);
  }

  if (is_enrolled) return compute_response(request, make_candidate(request, way::enrolled), s);
  if (invite) {
    return compute_response(request, make_candidate(request, way::invited, std::move(invite)), s);
  }
  // "an id that is enrolled with *other* keys waits like any stranger, and the operator is shown
  // the conflict".
  return wait_for_operator(std::move(request), enrolled.has_value(), s);
}

// Section 6: "admitting continues with auth_response (ts_p is not checked again ...)".
outcome expect_operator::on(const operator_admits&, scene& s) && {
  return compute_response(request, make_candidate(request, way::admitted), s);
}

outcome expect_operator::on(const operator_refuses& word, scene&) && {
  // Section 9: `not_admitted` is what one who waited is told, by the operator or by the end of the
  // waiting time; anything else (a full room, the gateway shutting down) by its own reason.
  const bool by_decision = word.cause == errc::refused || word.cause == errc::timed_out;
  return concerning(
      by_decision ? close_for(word.cause, disconnect_reason::not_admitted) : close_for(word.cause),
      request.who, request.key);
}

}  // namespace wardline::protocol::doctor_side
