#include "doctor/escalation/escalation.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/events_json.hpp"
#include "doctor/events_text.hpp"

namespace wardline::doctor {
namespace {

constexpr seconds look_again_after{1};

unix_ms before(unix_ms now, seconds age) {
  const auto ms = static_cast<unix_ms>(milliseconds(age).count());
  return now > ms ? now - ms : 0;
}

bool is_missing(delivery_state s) {
  return s != delivery_state::decrypted && s != delivery_state::acknowledged;
}

audit::entry record_of(const overdue& news) {
  audit::entry out;
  out.actor = audit::actor::gateway;
  out.event = audit::event::overdue;
  out.detail =
      fmt::format("message_id={} patients={} missing={} recipients={}", to_hex(news.message.view()),
                  news.patients.size(), news.missing.size(), news.recipients);
  return out;
}

}  // namespace

escalation::escalation(const config& settings, records& kept, ward& present, dispatch& messages,
                       event_hub& events, const clock& time)
    : settings_(settings),
      records_(kept),
      ward_(present),
      dispatch_(messages),
      events_(events),
      time_(time) {
  if (!settings_.on_overdue.empty())
    program_ = std::make_unique<alarm_program>(settings_.on_overdue, time_);
}

void escalation::tick() {
  if (program_) {
    for (const auto& why : program_->tick()) events_.publish(trouble{why});
  }
  if (time_.steady() - looked_ < look_again_after) return;
  looked_ = time_.steady();
  const auto now = time_.now();
  send_again(now);
  tell_overdue(now);
}

void escalation::send_again(unix_ms now) {
  std::vector<outbox::undelivered> again;
  for (auto& d : records_.outbox.unconfirmed_since(before(now, settings_.resend_after))) {
    // Who is away is sent it on return in any case.
    if (ward_.find(d.patient_id) != nullptr) again.push_back(std::move(d));
  }
  records_.outbox.resent(again, now);
  for (const auto& d : again) {
    if (session* s = ward_.find(d.patient_id)) dispatch_.resend(*s, d.message);
  }
}

void escalation::tell_overdue(unix_ms now) {
  const auto accepted_before = before(now, settings_.overdue_after);
  if (!records_.outbox.has_overdue(accepted_before)) return;
  // On disk and audited before anybody is told: each is told once.
  audit::act whole(records_.audit, records_.database());
  std::map<protocol::message_id, std::vector<std::string>> by_message;
  for (auto& d : records_.outbox.take_overdue(accepted_before, now)) {
    by_message[d.message].push_back(std::move(d.patient_id));
  }
  std::vector<overdue> all;
  for (auto& [id, patients] : by_message) {
    all.push_back(make_news(id, std::move(patients)));
    records_.audit.append(now, record_of(all.back()));
  }
  whole.commit();
  for (const auto& news : all) tell(news);
}

overdue escalation::make_news(const protocol::message_id& id, std::vector<std::string> patients) {
  const auto summary = records_.outbox.summary(id).value();
  std::sort(patients.begin(), patients.end());
  overdue news{id, summary.priority, std::move(patients), summary.deliveries.size(), {}};
  for (const auto& d : summary.deliveries) {
    if (is_missing(d.state)) news.missing.push_back(d.patient_id);
  }
  return news;
}

void escalation::tell(const overdue& news) {
  events_.publish(news);
  // A line for people and one for programs, of ids and names alone: what is written in the message
  // stays here.
  if (program_ && !program_->run(fmt::format("Wardline, {}: {}\n{}\n", settings_.id,
                                             log_sentence(news), to_json(news).dump())))
    events_.publish(trouble{"an alarm was not handed on: too many wait for the alarm program"});
}

}  // namespace wardline::doctor
