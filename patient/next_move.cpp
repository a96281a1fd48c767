#include "patient/next_move.hpp"

#include "common/cli/guard.hpp"
#include "common/cli/time_text.hpp"

namespace wardline::patient {
namespace {

using protocol::disconnect_reason;

constexpr auto get_help = "Ask the doctor's practice: only there the cause is known.";

problem clock_problem(const std::optional<std::int64_t>& doctor_ahead_ms) {
  std::string words = "the clocks of this machine and of the doctor differ too much";
  if (doctor_ahead_ms) {
    const auto size = distance(
        0, static_cast<unix_ms>(*doctor_ahead_ms < 0 ? -*doctor_ahead_ms : *doctor_ahead_ms));
    const auto by = std::chrono::ceil<seconds>(milliseconds(size));
    words +=
        ": this one is " + cli::duration_text(by) + (*doctor_ahead_ms > 0 ? " behind" : " ahead");
  }
  return {errc::clock_skew, words,
          "Check the time of this machine (best set over the network), then try again."};
}

next_move stop(int status, std::optional<problem> tell = {}) {
  return {.what = next_move::kind::stop, .status = status, .tell = std::move(tell)};
}

next_move again(std::optional<problem> tell = {}) {
  return {.what = next_move::kind::again, .tell = std::move(tell)};
}

// Section 9: "the patient, told so in a session".
next_move after_session(const protocol::disconnect& notice) {
  switch (notice.reason) {
    case disconnect_reason::busy: {
      auto move = again();
      move.at_least = seconds(notice.retry_after_s);
      return move;
    }
    case disconnect_reason::refused:
      return stop(cli::failed,
                  problem{errc::refused, "the doctor no longer lets you sign in", get_help});
    case disconnect_reason::clock_skew: {
      auto move = again(clock_problem({}));
      move.look_at_doctor = true;  // its time comes with its identity
      return move;
    }
    case disconnect_reason::token_refused:
      return {.what = next_move::kind::again_at_once};
    case disconnect_reason::protocol_error:
      return stop(cli::failed, problem{errc::protocol_error,
                                       "the doctor's gateway did not understand this client",
                                       "Is one of the two of another version?"});
    case disconnect_reason::replaced:
      return stop(cli::failed,
                  problem{errc::conflict, "you have signed in elsewhere, which ended this session",
                          "Was that not you? Then tell the doctor at once."});
    case disconnect_reason::not_admitted:
      return stop(cli::failed, problem{errc::refused, "the doctor has not admitted you", get_help});
    case disconnect_reason::shutting_down:
    case disconnect_reason::idle:
      return again();
    case disconnect_reason::goodbye:
    case disconnect_reason::session_over:
      break;
  }
  return stop(cli::done);  // "A number that is not listed is ... treated as goodbye"
}

problem words_for_hint(const visit_end& end) {
  const auto reason = end.notice->reason;
  switch (reason) {
    case disconnect_reason::clock_skew:
      return clock_problem(end.doctor_ahead_ms);
    case disconnect_reason::busy:
      return {errc::busy, "the doctor's gateway is busy", "Try again later."};
    case disconnect_reason::refused:
      return {errc::refused, "the doctor's gateway does not let you sign in",
              "An invite that was used or has expired, a revoked or blocked key, or another doctor "
              "at this address: the gateway tells nobody which. Ask the doctor's practice."};
    case disconnect_reason::not_admitted:
      return {errc::refused, "the doctor has not admitted you", get_help};
    default:
      return {end.cause,
              "the doctor's gateway ended the sign-in: " + std::string(protocol::name(reason)),
              "Try again later, or ask the doctor's practice."};
  }
}

next_move turned_away(problem why, const sign_in_history& history) {
  // "one that has signed in before tries again with backoff, 300 s at most, whatever reason and
  // retry_after_s say (anybody on the path could have written them); one that never has signed in
  // ends."
  if (!history.ever) return stop(cli::failed, std::move(why));
  auto move = again(std::move(why));
  move.cap = backoff::hint_cap;
  move.look_at_doctor = true;  // so that a changed key, or by how much the clock is off, is seen
  return move;
}

next_move after_sign_in(const visit_end& end, const sign_in_history& history) {
  // Section 7: "the patient then makes a full handshake on a new connection by itself"; its ticket
  // is gone, so that this happens once.
  if (end.notice && end.notice->reason == disconnect_reason::token_refused && end.used_ticket) {
    return {.what = next_move::kind::again_at_once};
  }
  if (end.notice) return turned_away(words_for_hint(end), history);
  switch (end.cause) {
    case errc::connection_lost:
    case errc::timed_out:
    case errc::unavailable:
      return again();
    case errc::clock_skew:
      return turned_away(clock_problem(end.doctor_ahead_ms), history);
    default:
      break;
  }
  auto why = end.found.value_or(problem{end.cause,
                                        "the sign-in failed: " + std::string(describe(end.cause)) +
                                            " (what answered may not be your doctor)",
                                        get_help});
  // Loud, and the end, where somebody is there to hear it. Later an attacker who is gone again must
  // not have ended a patient who was signed in.
  if (end.cause == errc::wrong_doctor && !history.this_run) {
    return stop(cli::failed, std::move(why));
  }
  return turned_away(std::move(why), history);
}

}  // namespace

next_move judge_end(const visit_end& end, const sign_in_history& history) {
  switch (end.where) {
    case visit_end::stage::connecting:
      return again();
    case visit_end::stage::signing_in:
      return after_sign_in(end, history);
    case visit_end::stage::in_session:
      break;
  }
  return end.notice ? after_session(*end.notice) : again();
}

std::string reason_of(const visit_end& end) {
  if (!end.notice) return std::string(name(end.cause));
  const auto known = protocol::name(end.notice->reason);
  if (known != "unknown") return std::string(known);
  // "A number that is not listed is shown as it is"
  return std::to_string(static_cast<unsigned>(end.notice->reason));
}

}  // namespace wardline::patient
