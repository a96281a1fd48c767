#include "doctor/events_json.hpp"

#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"
#include "doctor/content_name.hpp"

namespace wardline::doctor {

namespace {

using json = nlohmann::ordered_json;

struct as_json {
  json operator()(const listening& e) const {
    return {
        {"event", "listening"}, {"address", e.address}, {"fingerprint", to_digits(e.fingerprint)}};
  }
  json operator()(const patient_authenticated& e) const {
    return {{"event", "patient_authenticated"},
            {"id", e.id},
            {"resumed", e.resumed},
            {"fingerprint", to_digits(e.fingerprint)},
            {"address", e.address},
            {"enrolled_now", e.enrolled_now}};
  }
  json operator()(const patient_disconnected& e) const {
    return {{"event", "patient_disconnected"}, {"id", e.id}, {"reason", e.reason}};
  }
  json operator()(const waiting& e) const {
    return {{"event", "waiting"},
            {"id", e.id},
            {"fingerprint", to_digits(e.fingerprint)},
            {"address", e.address},
            {"conflict", e.conflict}};
  }
  json operator()(const waiting_ended& e) const {
    return {{"event", "waiting_ended"},
            {"id", e.id},
            {"fingerprint", to_digits(e.fingerprint)},
            {"reason", e.reason}};
  }
  json operator()(const message_received& e) const {
    json out{{"event", "message"},
             {"from", e.from},
             {"message_id", to_hex(e.content.id.view())},
             {"type", name(e.content.type)}};
    if (e.content.is_text())
      out["text"] = as_text(e.content.body);
    else
      out["body"] = to_base64url(e.content.body);
    out["priority"] = name(e.content.priority);
    out["created"] = e.content.created;
    return out;
  }
  json operator()(const delivery_changed& e) const {
    return {{"event", "delivery"},
            {"message_id", to_hex(e.message.view())},
            {"patient", e.patient},
            {"state", name(e.state)},
            {"at", e.at}};
  }
  json operator()(const message_amended& e) const {
    return {{"event", e.is_cancelled ? "cancelled" : "corrected"},
            {"message_id", to_hex(e.message.view())},
            {"by", to_hex(e.by.view())},
            {"recipients", e.recipients}};
  }
  json operator()(const overdue& e) const {
    return {{"event", "overdue"},           {"message_id", to_hex(e.message.view())},
            {"priority", name(e.priority)}, {"patients", e.patients},
            {"recipients", e.recipients},   {"decrypted", e.recipients - e.missing.size()},
            {"missing", e.missing}};
  }
  json operator()(const broadcast_sent& e) const {
    return {{"event", "broadcast_sent"},
            {"message_id", to_hex(e.message.view())},
            {"recipients", e.recipients},
            {"present", e.present},
            {"absent", e.absent}};
  }
  json operator()(const sign_in_failed& e) const {
    json out{{"event", "sign_in_failed"}, {"address", e.address}, {"cause", name(e.cause)}};
    if (!e.id.empty()) out["id"] = e.id;
    if (e.fingerprint) out["fingerprint"] = to_digits(*e.fingerprint);
    return out;
  }
  json operator()(const key_blocked& e) const {
    return {{"event", "blocked"},
            {"id", e.id},
            {"fingerprint", to_digits(e.fingerprint)},
            {"address", e.address},
            {"until", e.until}};
  }
  json operator()(const source_closed& e) const {
    return {{"event", "source_closed"}, {"address", e.address}, {"duration_s", e.duration.count()}};
  }
  json operator()(const frame_refused& e) const {
    return {{"event", "refused"}, {"id", e.id}, {"cause", name(e.cause)}, {"what", e.what}};
  }
  json operator()(const metrics_listening& e) const {
    return {{"event", "metrics_listening"}, {"address", e.address}};
  }
  json operator()(const settings_reloaded& e) const {
    return {
        {"event", "settings_reloaded"}, {"changed", e.changed}, {"needs_restart", e.needs_restart}};
  }
  json operator()(const trouble& e) const { return {{"event", "trouble"}, {"what", e.what}}; }
};

}  // namespace

nlohmann::ordered_json to_json(const event& e) {
  auto out = std::visit(as_json{}, e);
  if (const auto number = connection_of(e); number != 0) out["connection"] = number;
  return out;
}

nlohmann::ordered_json to_log_json(const event& e) {
  auto out = to_json(e);
  out.erase("text");
  out.erase("body");
  return out;
}

}  // namespace wardline::doctor
