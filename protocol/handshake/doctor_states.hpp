#pragma once

#include <variant>

#include <boost/system/result.hpp>

#include "protocol/handshake/doctor_handshake.hpp"
#include "protocol/handshake/doctor_open_request.hpp"
#include "protocol/handshake/doctor_respond.hpp"
#include "protocol/handshake/received.hpp"
#include "protocol/handshake/sign_announcement.hpp"

/// The doctor's states (section 11), one type each, named by what it awaits and consumed by it.
/// What a state does not name in an overload of `on` does not exist.
namespace wardline::protocol::doctor_side {

/// What every state may look at.
struct scene {
  const doctor_context& ours;
  doctor_directory& directory;
};

struct transition;
/// The next state with what the owner must do, or why the connection must end.
using outcome = boost::system::result<transition, closing>;

struct operator_admits {};
struct operator_refuses {
  errc cause;
};

/// The first frame of a connection.
struct expect_request {
  static constexpr std::string_view name = "expect_request";
  outcome on(const received<frame_type::hello>& m, scene& s) &&;
  outcome on(const received<frame_type::auth_request>& m, scene& s) &&;
  outcome on(const received<frame_type::resume_request>& m, scene& s) &&;
};

/// The same after one hello: "a second hello is a protocol error".
struct expect_request_after_hello {
  static constexpr std::string_view name = "expect_request";
  outcome on(const received<frame_type::auth_request>& m, scene& s) &&;
  outcome on(const received<frame_type::resume_request>& m, scene& s) &&;
};

struct expect_announcement {
  static constexpr std::string_view name = "computing";
  using computed = sign_announcement;
  outcome on(sign_announcement& done, scene& s) &&;
};

struct expect_opened_request {
  static constexpr std::string_view name = "computing";
  using computed = open_request;
  outcome on(open_request& done, scene& s) &&;
};

/// Who is signing in, and by what right: decided, but proved only by the verifier.
struct candidate {
  crypto::identity who;
  crypto::fingerprint key;
  authenticated_patient::way how;
  std::optional<invite_secret> invite;
  protocol::scopes scopes = scope::all;
  std::optional<unix_ms> chain_began;  ///< for `resumed`; else the chain begins here
};

struct expect_operator {
  static constexpr std::string_view name = "expect_operator";
  opened_request request;
  outcome on(const operator_admits& word, scene& s) &&;
  outcome on(const operator_refuses& word, scene& s) &&;
};

struct expect_response_made {
  static constexpr std::string_view name = "computing";
  using computed = respond;
  candidate patient;
  outcome on(respond& done, scene& s) &&;
};

struct expect_verifier {
  static constexpr std::string_view name = "expect_verifier";
  candidate patient;
  session_key sk;
  crypto::digest th4;
  outcome on(const received<frame_type::verifier>& m, scene& s) &&;
};

/// Nothing is awaited any more.
struct finished {
  static constexpr std::string_view name = "finished";
};

using state = std::variant<expect_request, expect_request_after_hello, expect_announcement,
                           expect_opened_request, expect_operator, expect_response_made,
                           expect_verifier, finished>;

struct transition {
  state next;
  doctor_step step;
};

/// Section 6, step 1 of the doctor's checks, for a frame that is an auth_request.
outcome screen_auth_request(const frame& f, scene& s);

/// Section 6, steps 5 and 6, once the request has opened.
outcome decide(opened_request request, scene& s);

/// Section 7, the doctor's part.
outcome resume(const frame& f, scene& s);

/// True if `time` is within the window around `now`.
bool within_window(unix_ms time, unix_ms now, const doctor_context& ours) noexcept;

}  // namespace wardline::protocol::doctor_side
