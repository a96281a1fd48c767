#include "patient/situation.hpp"

#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"
#include "patient/event_words.hpp"

namespace wardline::patient {
namespace {

seconds left(std::chrono::steady_clock::time_point until,
             std::chrono::steady_clock::time_point now) {
  return until <= now ? seconds(0) : std::chrono::ceil<seconds>(until - now);
}

std::string count_words(std::size_t n, const char* one, const char* many) {
  return std::to_string(n) + (n == 1 ? one : many);
}

}  // namespace

situation::situation(std::string doctor, const std::vector<protocol::message_id>& unsent)
    : doctor_(std::move(doctor)), unsent_(unsent.begin(), unsent.end()) {}

void situation::follow(const event& e, time_point now) {
  std::visit([&](const auto& one) { on(one, now); }, e);
}

void situation::on(const connecting& e, time_point) {
  state_ = state::connecting;
  address_ = e.address;
}

void situation::on(const connected&, time_point) { state_ = state::signing_in; }

void situation::on(const waiting& e, time_point now) {
  state_ = state::waiting;
  until_ = now + e.at_most;
  own_key_ = e.own;
}

void situation::on(const doctor_pinned& e, time_point) {
  doctor_ = e.doctor;
  doctor_key_ = e.fingerprint;
}

void situation::on(const authenticated& e, time_point) {
  state_ = state::signed_in;
  is_signed_in_ = true;
  doctor_ = e.doctor;
  doctor_key_ = e.fingerprint;
  why_apart_.clear();
}

void situation::on(const delivery_changed& e, time_point) {
  if (e.state == delivery_state::queued || e.state == delivery_state::sent)
    unsent_.insert(e.message);
  else
    unsent_.erase(e.message);
}

void situation::on(const broadcast_missing&, time_point) { is_missing_one_ = true; }
void situation::on(const broadcasts_complete&, time_point) { is_missing_one_ = false; }

void situation::on(const disconnected& e, time_point now) {
  state_ = e.retry_in ? state::apart : state::over;
  is_signed_in_ = false;
  is_missing_one_ = false;
  why_apart_ = end_in_words(e.reason, who());
  until_.reset();
  if (e.retry_in) until_ = now + *e.retry_in;
}

std::string situation::connection_words(time_point now) const {
  switch (state_) {
    case state::idle:
      return "Not connected";
    case state::connecting:
      // What was wrong stays in sight while it is tried again.
      return why_apart_.empty() ? "Connecting to " + who() + "'s gateway at " + address_
                                : why_apart_ + "; trying again now";
    case state::signing_in:
      return "Signing in with " + who();
    case state::waiting:
      return "Waiting for " + who() + " to admit you, for " +
             cli::duration_text(left(*until_, now)) + " at most";
    case state::signed_in:
      return "Signed in with " + who();
    case state::apart: {
      const auto wait = left(*until_, now);
      return why_apart_ + "; trying again " +
             (wait.count() == 0 ? "now" : "in " + cli::duration_text(wait));
    }
    case state::asking:
      return "Waiting for your answer";
    case state::over:
      break;
  }
  return why_apart_ + "; this is not tried again";
}

std::string situation::words(time_point now) const {
  auto out = connection_words(now);
  if (is_missing_one_) out += "; a message to all has NOT arrived and was asked for again";
  if (!unsent_.empty()) {
    out += "; " + (is_signed_in_ ? count_words(unsent_.size(), " message is on its way",
                                               " messages are on their way")
                                 : count_words(unsent_.size(), " message waits to be sent",
                                               " messages wait to be sent"));
  }
  return printable(out);
}

}  // namespace wardline::patient
