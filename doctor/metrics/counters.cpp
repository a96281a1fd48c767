#include "doctor/metrics/counters.hpp"

#include <fmt/format.h>

#include "common/util/version.hpp"
#include "doctor/content_name.hpp"
#include "doctor/gateway.hpp"

namespace wardline::doctor::metrics {
namespace {

class page {
 public:
  void gauge(std::string_view name, std::string_view help, double value) {
    head(name, help, "gauge");
    text_ += fmt::format("{} {}\n", name, value);
  }
  void gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    head(name, help, "gauge");
    text_ += fmt::format("{} {}\n", name, value);
  }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) {
    head(name, help, "counter");
    text_ += fmt::format("{} {}\n", name, value);
  }
  void counter(std::string_view name, std::string_view help, std::string_view label,
               const counted& of) {
    head(name, help, "counter");
    for (const auto& [value, n] : of.values())
      text_ += fmt::format("{}{{{}=\"{}\"}} {}\n", name, label, value, n);
  }
  void info(std::string_view name, std::string_view help, std::string_view labels) {
    head(name, help, "gauge");
    text_ += fmt::format("{}{{{}}} 1\n", name, labels);
  }
  std::string take() { return std::move(text_); }

 private:
  void head(std::string_view name, std::string_view help, std::string_view type) {
    text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
  }

  std::string text_;
};

double in_seconds(unix_ms t) { return static_cast<double>(t) / 1000; }

bool is_plain(std::string_view value) {
  return !value.empty() && value.size() <= 64 &&
         value.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

}  // namespace

void counted::add(std::string_view value, std::uint64_t n) {
  auto found = by_value_.find(value);
  if (found == by_value_.end()) {
    const bool has_room = by_value_.size() < most_values;
    found = by_value_.emplace(has_room && is_plain(value) ? value : "other", 0).first;
  }
  found->second += n;
}

counters::counters(event_hub& events)
    : events_(events), subscription_(events.subscribe([this](const event& e) { on_event(e); })) {}

counters::~counters() { events_.unsubscribe(subscription_); }

void counters::on_event(const event& e) {
  if (const auto* signed_in = std::get_if<patient_authenticated>(&e))
    sign_ins_.add(signed_in->resumed ? "resumed" : "full");
  if (const auto* failed = std::get_if<sign_in_failed>(&e)) refusals_.add(name(failed->cause));
  if (const auto* frame = std::get_if<frame_refused>(&e)) frames_refused_.add(name(frame->cause));
  if (const auto* gone = std::get_if<patient_disconnected>(&e)) disconnections_.add(gone->reason);
  if (const auto* left = std::get_if<waiting_ended>(&e)) waiting_ended_.add(left->reason);
  if (const auto* change = std::get_if<delivery_changed>(&e)) deliveries_.add(name(change->state));
  if (const auto* late = std::get_if<overdue>(&e))
    overdue_.add(name(late->priority), late->patients.size());
  if (const auto* amended = std::get_if<message_amended>(&e))
    amendments_.add(amended->is_cancelled ? "cancellation" : "correction");
  if (std::holds_alternative<broadcast_sent>(e)) ++broadcasts_;
  if (std::holds_alternative<message_received>(e)) ++received_;
  if (std::holds_alternative<key_blocked>(e)) ++keys_blocked_;
  if (std::holds_alternative<source_closed>(e)) ++sources_closed_;
  if (std::holds_alternative<trouble>(e)) ++troubles_;
}

std::string counters::text(const gateway_status& now, const std::string& trouble,
                           unix_ms time) const {
  page p;
  p.info("wardline_build_info", "What runs.",
         fmt::format("version=\"{}\",commit=\"{}\"", version, version_commit));
  p.gauge("process_start_time_seconds", "When the gateway began, Unix time.",
          in_seconds(now.started));
  p.gauge("wardline_time_seconds", "The gateway's clock, Unix time.", in_seconds(time));
  p.gauge("wardline_trouble", "1 while something fails that is tried again (a full disk).",
          std::uint64_t{trouble.empty() ? 0U : 1U});
  p.gauge("wardline_patients_enrolled", "Enrolled patients.", std::uint64_t{now.enrolled});
  p.gauge("wardline_sessions", "Patients who are connected.", std::uint64_t{now.connected});
  p.gauge("wardline_connections", "Connections, with and without a session.",
          std::uint64_t{now.connections});
  p.gauge("wardline_waiting_room", "Strangers who wait to be admitted.",
          std::uint64_t{now.waiting});
  p.gauge("wardline_overdue_messages", "Messages that somebody has not confirmed in time.",
          std::uint64_t{now.overdue});
  p.counter("wardline_sign_ins_total", "Sessions that began.", "way", sign_ins_);
  p.counter("wardline_refusals_total", "Sign-ins that failed.", "reason", refusals_);
  p.counter("wardline_frames_refused_total", "Frames of patients that were refused.", "reason",
            frames_refused_);
  p.counter("wardline_disconnections_total", "Sessions that ended.", "reason", disconnections_);
  p.counter("wardline_waiting_ended_total", "Strangers who wait no more.", "reason",
            waiting_ended_);
  p.counter("wardline_broadcasts_total", "Broadcasts that went out.", broadcasts_);
  p.counter("wardline_deliveries_total", "Deliveries that came to this state.", "state",
            deliveries_);
  p.counter("wardline_overdue_total", "Deliveries that became overdue.", "priority", overdue_);
  p.counter("wardline_amendments_total", "Messages that were corrected or cancelled.", "kind",
            amendments_);
  p.counter("wardline_messages_received_total", "Messages of patients.", received_);
  p.counter("wardline_keys_blocked_total", "Keys that were blocked for wrong verifiers.",
            keys_blocked_);
  p.counter("wardline_sources_closed_total", "Addresses that were closed for failures.",
            sources_closed_);
  p.counter("wardline_troubles_total", "What failed on this machine, each time it was told.",
            troubles_);
  return p.take();
}

}  // namespace wardline::doctor::metrics
