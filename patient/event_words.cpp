#include "patient/event_words.hpp"

#include <algorithm>

#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"
#include "patient/wording.hpp"

namespace wardline::patient {
namespace {

// The doctor's text stays apart from ours: what begins a line at its edge is not the doctor's.
std::string indented(std::string_view text) {
  std::string out = "  ";
  for (const char c : text) {
    out.push_back(c);
    if (c == '\n') out += "  ";
  }
  return out;
}

// What anybody on the path may have written has no second line to pretend something on.
std::string on_one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string words(const connecting&) { return {}; }
std::string words(const connected&) { return {}; }
std::string words(const group_key_received&) { return {}; }

std::string words(const waiting& e) {
  return "Waiting for the doctor to admit you, for " + cli::duration_text(e.at_most) +
         " at most. Tell the doctor your fingerprint:\n  " + crypto::to_digits(e.own) +
         "\nThe doctor compares it, all twelve groups, so that nobody else is let in as you.";
}

std::string words(const doctor_pinned& e) {
  return "Your doctor from now on is " + e.doctor + ", fingerprint\n  " +
         crypto::to_digits(e.fingerprint) +
         "\nIt must be the one that your doctor shows or reads to you, all twelve groups: if a "
         "digit differs, somebody else has answered.";
}

std::string words(const authenticated& e) {
  return "Signed in with " + e.doctor + (e.resumed ? " (resumed)." : ".");
}

std::string words(const enrolled& e) {
  return "You are enrolled as " + e.patient + " now, and what " + e.doctor +
         " sends comes here as long as this runs. Next time, begin with:\n  " + e.next_time;
}

std::string time_of(const protocol::content& c) { return cli::local_text(c.created); }

// The old text stays readable, but is never the first thing that is read.
std::string what_it_said(const inbox_message& m) {
  if (!m.at.before || !m.at.before->has_text()) return {};
  return "\nIt said before, and this no longer holds:\n" + indented(text_of(*m.at.before));
}

// Nothing of it is shown: who reads it would act on it.
std::string words_for_late(const inbox_message& m) {
  return "The message of " + time_of(m.content) + " came only now; the doctor has " +
         (m.at.cancelled_by ? "cancelled" : "corrected") + " it already.";
}

std::string words_for_cancellation(const inbox_message& m) {
  const auto reason = text_of(m.content);
  std::string out =
      m.at.before ? "CANCELLED: the message of " + time_of(*m.at.before) + " does not hold any more"
                  : std::string(
                        "The doctor has cancelled a message that was never "
                        "received here");
  out += m.is_broadcast ? " (to all patients" : " (to you";
  out += ", " + time_of(m.content) + ")";
  out += reason.empty() ? "." : ":\n" + indented(reason);
  return out + what_it_said(m);
}

std::string words_for_correction(const inbox_message& m) {
  return (m.at.before ? ", CORRECTION of the message of " + time_of(*m.at.before)
                      : std::string(", CORRECTION of a message that was never received here")) +
         ":\n" + indented(text_of(m.content)) + what_it_said(m);
}

std::string words(const message_received& e) {
  const auto& m = e.message;
  if (m.at.came_late) return words_for_late(m);
  // Of what was never here there is nothing to be alarmed about.
  if (m.content.is_cancellation() && !m.at.before) return words_for_cancellation(m);
  std::string head;
  switch (m.content.priority) {
    case protocol::priority::emergency:
      head = "*** EMERGENCY *** ";
      break;
    case protocol::priority::urgent:
      head = "* Urgent * ";
      break;
    case protocol::priority::routine:
      break;
  }
  if (m.content.is_cancellation()) return head + words_for_cancellation(m);
  head += m.is_broadcast ? "To all patients" : "To you";
  head += ", " + cli::local_text(m.content.created);
  if (e.redelivered) head += ", sent again";
  if (m.expired_at(m.opened_at)) head += ", EXPIRED " + cli::local_text(m.content.expires);
  if (m.content.is_amendment()) return head + words_for_correction(m);
  if (!m.content.is_text()) {
    return head + ":\n  (" + std::string(name(m.content.type)) + ", " +
           std::to_string(m.content.body.size()) + " bytes)";
  }
  return head + ":\n" + indented(text_of(m.content));
}

std::string words(const message_acknowledged& e) {
  return e.sent ? "Acknowledged." : "Acknowledged; the doctor is told at the next connection.";
}

std::string words(const delivery_changed& e) {
  switch (e.state) {
    case delivery_state::queued:
    case delivery_state::sent:
      return {};
    case delivery_state::decrypted:
      return "Your message has reached the doctor.";
    case delivery_state::acknowledged:
      break;
  }
  return "The doctor has acknowledged your message.";
}

std::string words(const broadcast_missing&) {
  return "WARNING: the doctor has sent a message to all patients that did not arrive here. It has "
         "been asked for again; if it does not come soon, call the doctor.";
}

std::string words(const broadcasts_complete&) { return "The missing message has arrived."; }

std::string words(const disconnected& e) {
  auto out = end_in_words(e.reason, "the doctor") + ".";
  if (!e.text.empty()) out += " (" + on_one_line(e.text) + ")";
  if (!e.retry_in) return out;
  const auto wait = std::chrono::ceil<seconds>(*e.retry_in);
  return out + (wait.count() <= 1 ? " Trying again."
                                  : " Trying again in " + cli::duration_text(wait) + ".");
}

std::string words(const problem& e) {
  std::string out = "Error: " + e.message;
  if (!e.hint.empty()) out += "\n" + e.hint;
  return out;
}

}  // namespace

std::string words_for(const event& e) {
  return printable(std::visit([](const auto& one) { return words(one); }, e));
}

std::string end_in_words(const std::string& reason, const std::string& doctor) {
  const std::string begins = doctor == "the doctor" ? "The doctor" : printable(doctor);
  if (reason == "goodbye") return "You are disconnected";
  if (reason == "session_over") return begins + " has ended the session for all participants";
  if (reason == "shutting_down") return begins + "'s gateway is shutting down";
  if (reason == "idle") return begins + "'s gateway has heard nothing from here for too long";
  if (reason == "busy") return begins + "'s gateway is busy";
  if (reason == "connection_lost") return "The connection to " + printable(doctor) + " is lost";
  if (reason == "timed_out") return begins + "'s gateway does not answer";
  if (reason == "unavailable") return begins + "'s gateway cannot be reached";
  return "The connection has ended: " + printable(reason);
}

std::string status_after(const event& e) {
  if (std::holds_alternative<connecting>(e)) return "connecting";
  if (std::holds_alternative<connected>(e)) return "signing in";
  if (std::holds_alternative<waiting>(e)) return "waiting to be admitted";
  if (std::holds_alternative<authenticated>(e)) return "signed in";
  if (std::holds_alternative<disconnected>(e)) return "not connected";
  return {};
}

}  // namespace wardline::patient
