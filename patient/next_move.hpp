#pragma once

#include <optional>
#include <string>

#include "patient/backoff.hpp"
#include "patient/events.hpp"
#include "protocol/message/disconnect.hpp"

namespace wardline::patient {

/// How a connection to the doctor ended, or why there was none.
struct visit_end {
  enum class stage { connecting, signing_in, in_session };

  stage where;
  errc cause;
  std::string text;                            ///< the system's words, while connecting
  std::optional<protocol::disconnect> notice;  ///< what the doctor said: proved only in a session
  std::optional<crypto::identity> offending_doctor;  ///< for wrong_doctor and conflict
  std::optional<std::int64_t> doctor_ahead_ms;       ///< for clock_skew, if known
  bool used_ticket = false;                          ///< it was an attempt to resume
  std::optional<problem> found = {};                 ///< words for `cause`, where there are better
};

struct sign_in_history {
  bool ever;      ///< this doctor has let us in before, on this machine
  bool this_run;  ///< since the program was started
};

/// What the client does next.
struct next_move {
  enum class kind { again, again_at_once, stop };

  kind what;
  milliseconds at_least{0};               ///< before `again`, beside the backoff
  milliseconds cap = backoff::usual_cap;  ///< of the backoff
  int status = 0;                         ///< exit status, for `stop`
  bool look_at_doctor = false;            ///< ask for the doctor's identity the next time
  std::optional<problem> tell = {};
};

/// The rules of section 9 (the table of reasons, and what an unprotected hint may do), and what
/// follows from what we have found ourselves.
next_move judge_end(const visit_end& end, const sign_in_history& history);

/// Why the connection ended, in one name: the doctor's reason, or our error.
std::string reason_of(const visit_end& end);

}  // namespace wardline::patient
