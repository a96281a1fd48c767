#pragma once

#include <variant>

#include <boost/system/result.hpp>

#include "protocol/handshake/patient_handshake.hpp"
#include "protocol/handshake/patient_request.hpp"
#include "protocol/handshake/received.hpp"

/// The patient's states (section 11), one type each, named by what it awaits and consumed by it.
/// What a state does not name in an overload of `on` does not exist.
namespace wardline::protocol::patient_side {

/// What every state may look at.
struct scene {
  const patient_context& ours;
  std::optional<std::int64_t> doctor_ahead_ms;  ///< by the time that `identity` was signed with
};

struct transition;
/// The next state with what the owner must do, or why the connection must end.
using outcome = boost::system::result<transition, patient_closing>;

struct owner_starts {};
struct person_accepts {};

struct expect_start {
  static constexpr std::string_view name = "expect_start";
  known_doctor doctor;
  outcome on(const owner_starts& word, scene& s) &&;
};

struct expect_identity {
  static constexpr std::string_view name = "expect_identity";
  std::optional<crypto::fingerprint> pinned;
  std::optional<invite_secret> invite;
  outcome on(const received<frame_type::identity>& m, scene& s) &&;
};

struct expect_person {
  static constexpr std::string_view name = "expect_person";
  crypto::identity doctor;
  std::optional<invite_secret> invite;
  outcome on(const person_accepts& word, scene& s) &&;
};

struct expect_response {
  static constexpr std::string_view name = "expect_response";
  request_sent sent;
  outcome on(const received<frame_type::auth_response>& m, scene& s) &&;
  outcome on(const received<frame_type::waiting>& m, scene& s) &&;
};

/// The same in the waiting room, of which we are told "once a handshake (its nonce is fixed)".
struct waiting {
  static constexpr std::string_view name = "waiting";
  request_sent sent;
  outcome on(const received<frame_type::auth_response>& m, scene& s) &&;
};

struct expect_resume_response {
  static constexpr std::string_view name = "expect_resume_response";
  crypto::identity doctor;
  resumption_secret rs;
  handshake_nonce rn_p;
  crypto::digest thr1;
  binder_mac binder;
  outcome on(const received<frame_type::resume_response>& m, scene& s) &&;
};

struct expect_token {
  static constexpr std::string_view name = "expect_token";
  crypto::identity doctor;
  secure_channel channel;
  session_key sk;
  bool resumed;
  outcome on(const received<frame_type::session_token>& m, scene& s) &&;
};

/// Nothing is awaited any more.
struct finished {
  static constexpr std::string_view name = "finished";
};

using state = std::variant<expect_start, expect_identity, expect_person, expect_response, waiting,
                           expect_resume_response, expect_token, finished>;

struct transition {
  state next;
  patient_step step;
};

/// Sends the auth_request to a doctor who is pinned.
outcome request_auth(const crypto::identity& doctor, const std::optional<invite_secret>& invite,
                     scene& s);

/// Section 7: sends the resume_request, and the ticket is gone.
outcome request_resumption(crypto::identity doctor, resumption_ticket ticket, scene& s);

/// Section 6, the patient on auth_response.
outcome open_response(const frame& f, request_sent sent, scene& s);

/// Sends the verifier and awaits the token under the keys of `sk`.
transition send_verifier(crypto::identity doctor, session_key sk, const crypto::digest& th4,
                         bool resumed, scene& s);

/// errc::clock_skew, with by how much, unless the doctor's `time` is within the window.
std::optional<patient_closing> check_window(unix_ms time, scene& s);

}  // namespace wardline::protocol::patient_side
