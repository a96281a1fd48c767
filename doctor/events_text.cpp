#include "doctor/events_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/content_name.hpp"

namespace wardline::doctor {

namespace {

using cli::log_level;

std::string_view reason_text(std::string_view reason) {
  if (reason == "goodbye") return "said goodbye";
  if (reason == "session_over") return "was disconnected";
  if (reason == "replaced") return "signed in anew elsewhere";
  if (reason == "shutting_down") return "was told that the gateway shuts down";
  if (reason == "idle" || reason == "timed_out") return "stopped answering";
  if (reason == "connection_lost") return "lost the connection";
  if (reason == "busy" || reason == "too_large") return "could not keep up";
  if (reason == "refused") return "is no longer welcome";
  return {};
}

std::string_view waiting_text(std::string_view reason) {
  if (reason == "admitted") return "was admitted";
  if (reason == "refused") return "was refused";
  if (reason == "timed_out") return "waited too long";
  if (reason == "connection_lost") return "has gone";
  return reason;
}

struct as_sentence {
  bool with_content;

  std::string operator()(const listening& e) const {
    return fmt::format("Listening on {}. Fingerprint: {}.", e.address, to_digits(e.fingerprint));
  }
  std::string operator()(const patient_authenticated& e) const {
    return fmt::format("{} signed in from {}{}{}.", e.id, e.address,
                       e.resumed ? ", resuming the session" : "",
                       e.enrolled_now ? ", and is enrolled now" : "");
  }
  std::string operator()(const patient_disconnected& e) const {
    const auto why = reason_text(e.reason);
    return why.empty() ? fmt::format("{} is disconnected: {}.", e.id, e.reason)
                       : fmt::format("{} {}.", e.id, why);
  }
  std::string operator()(const waiting& e) const {
    return fmt::format("{} waits to be admitted, from {}. Fingerprint: {}.{}", e.id, e.address,
                       to_digits(e.fingerprint),
                       e.conflict ? " Careful: this id is enrolled with other keys." : "");
  }
  std::string operator()(const waiting_ended& e) const {
    return fmt::format("{} {} (waiting room).", e.id, waiting_text(e.reason));
  }
  std::string operator()(const message_received& e) const {
    const auto& c = e.content;
    if (with_content && c.is_text()) {
      const std::string_view kind =
          c.type == protocol::content_type::consultation_request ? "Consultation requested by "
          : c.priority == protocol::priority::emergency          ? "EMERGENCY from "
          : c.priority == protocol::priority::urgent             ? "Urgent from "
                                                                 : "";
      return fmt::format("{}{}: {}", kind, e.from, as_text(c.body));
    }
    return fmt::format("Message {} from {}: {}, {} bytes.", short_id(c.id), e.from, name(c.type),
                       c.body.size());
  }
  std::string operator()(const delivery_changed& e) const {
    const auto id = short_id(e.message);
    switch (e.state) {
      case delivery_state::queued:
        return fmt::format("Message {} waits for {}.", id, e.patient);
      case delivery_state::sent:
        return fmt::format("Message {} was sent to {}.", id, e.patient);
      case delivery_state::decrypted:
        return fmt::format("{} has decrypted message {}.", e.patient, id);
      case delivery_state::acknowledged:
        return fmt::format("{} has acknowledged message {}.", e.patient, id);
      case delivery_state::expired:
        return fmt::format("Message {} is sent to {} no more.", id, e.patient);
      case delivery_state::unreachable:
        return fmt::format("Message {} cannot reach {} any more.", id, e.patient);
    }
    return {};
  }
  std::string operator()(const message_amended& e) const {
    return fmt::format("Message {} is {} by {}, for {} recipient{}.", short_id(e.message),
                       e.is_cancelled ? "cancelled" : "corrected", short_id(e.by), e.recipients,
                       e.recipients == 1 ? "" : "s");
  }
  std::string operator()(const overdue& e) const {
    return fmt::format("OVERDUE: {} of {} have decrypted message {} ({}). Missing: {}.",
                       e.recipients - e.missing.size(), e.recipients, short_id(e.message),
                       name(e.priority), fmt::join(e.missing, ", "));
  }
  std::string operator()(const broadcast_sent& e) const {
    return fmt::format("Broadcast {} went out: {} of {} recipients are connected.{}",
                       short_id(e.message), e.present, e.recipients,
                       e.absent.empty()
                           ? std::string()
                           : fmt::format(" Not sent yet to: {}.", fmt::join(e.absent, ", ")));
  }
  std::string operator()(const sign_in_failed& e) const {
    return fmt::format("A sign-in from {}{} failed: {}.", e.address,
                       e.id.empty() ? std::string() : fmt::format(" as {}", e.id),
                       describe(e.cause));
  }
  std::string operator()(const key_blocked& e) const {
    return fmt::format(
        "The key of {} is blocked at {} until {}: three wrong verifiers within an "
        "hour. Fingerprint: {}.",
        e.id, e.address, cli::local_text(e.until), to_digits(e.fingerprint));
  }
  std::string operator()(const source_closed& e) const {
    return fmt::format("Too many failures from {}: it is closed for {}.", e.address,
                       cli::duration_text(e.duration));
  }
  std::string operator()(const frame_refused& e) const {
    return fmt::format("Refused from {}: {} ({}).", e.id, e.what, describe(e.cause));
  }
  std::string operator()(const metrics_listening& e) const {
    return fmt::format("Metrics are at http://{}/metrics.", e.address);
  }
  std::string operator()(const settings_reloaded& e) const {
    if (e.changed.empty() && e.needs_restart.empty()) return "The settings are as they were.";
    std::string out;
    if (!e.changed.empty()) out = fmt::format("New settings: {}.", fmt::join(e.changed, ", "));
    if (!e.needs_restart.empty())
      out += fmt::format("{}Changed, but only from the next start on: {}.", out.empty() ? "" : " ",
                         fmt::join(e.needs_restart, ", "));
    return out;
  }
  std::string operator()(const trouble& e) const { return fmt::format("Trouble: {}.", e.what); }
};

struct as_level {
  log_level operator()(const trouble&) const noexcept { return log_level::error; }
  log_level operator()(const key_blocked&) const noexcept { return log_level::warning; }
  log_level operator()(const overdue&) const noexcept { return log_level::warning; }
  log_level operator()(const source_closed&) const noexcept { return log_level::warning; }
  log_level operator()(const frame_refused&) const noexcept { return log_level::warning; }
  log_level operator()(const delivery_changed&) const noexcept { return log_level::debug; }
  template <class Other>
  log_level operator()(const Other&) const noexcept {
    return log_level::info;
  }
};

std::string indented(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "    ";
  }
  return out;
}

}  // namespace

std::string sentence(const event& e) {
  return indented(printable(std::visit(as_sentence{true}, e)));
}

std::string log_sentence(const event& e) {
  return indented(printable(std::visit(as_sentence{false}, e)));
}

cli::log_level level_of(const event& e) noexcept { return std::visit(as_level{}, e); }

std::string short_id(const protocol::message_id& id) { return to_hex(id.view().first(4)); }

}  // namespace wardline::doctor
