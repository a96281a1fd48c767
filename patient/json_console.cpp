#include "patient/json_console.hpp"

#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"
#include "patient/wording.hpp"

namespace wardline::patient {
namespace {

using json = nlohmann::ordered_json;

json to_json(const connecting& e) { return {{"event", "connecting"}, {"address", e.address}}; }

json to_json(const connected& e) { return {{"event", "connected"}, {"address", e.address}}; }

json to_json(const waiting& e) {
  return {{"event", "waiting"},
          {"seconds", e.at_most.count()},
          {"fingerprint", crypto::to_digits(e.own)}};
}

json to_json(const doctor_pinned& e) {
  return {{"event", "doctor_pinned"},
          {"doctor", e.doctor},
          {"fingerprint", crypto::to_digits(e.fingerprint)}};
}

json to_json(const authenticated& e) {
  return {{"event", "authenticated"},
          {"resumed", e.resumed},
          {"doctor", e.doctor},
          {"fingerprint", crypto::to_digits(e.fingerprint)}};
}

json to_json(const enrolled& e) {
  return {{"event", "enrolled"}, {"id", e.patient}, {"doctor", e.doctor}};
}

json to_json(const group_key_received& e) {
  return {{"event", "group_key"}, {"generation", e.generation}, {"ratchet", e.ratchet}};
}

json to_json(const message_received& e) {
  const auto& m = e.message;
  json out{{"event", "message"},
           {"message_id", id_text(m.content.id)},
           {"kind", kind_name(m)},
           {"type", name(m.content.type)},
           {"priority", name(m.content.priority)},
           {"text", m.at.came_late ? std::string_view() : text_of(m.content)},
           {"created", m.content.created},
           {"expires", m.content.expires},
           {"expired", m.expired_at(m.opened_at)},
           {"redelivered", e.redelivered}};
  if (!m.content.has_text() && !m.at.came_late) out["body"] = to_base64url(m.content.body);
  const auto add = [&out](const char* member, const std::optional<protocol::message_id>& id) {
    if (id) out[member] = id_text(*id);
  };
  if (const auto about = m.content.about()) {
    if (m.content.is_cancellation())
      add("cancels", about);
    else
      add("corrects", about);
    out["original_known"] = m.at.before.has_value();
  }
  add("corrected_by", m.at.corrected_by);
  add("cancelled_by", m.at.cancelled_by);
  return out;
}

json to_json(const message_acknowledged& e) {
  return {{"event", "acknowledged"}, {"message_id", id_text(e.message)}, {"sent", e.sent}};
}

json to_json(const delivery_changed& e) {
  return {{"event", "delivery"},
          {"message_id", id_text(e.message)},
          {"state", name(e.state)},
          {"at", e.at}};
}

json to_json(const broadcast_missing&) { return {{"event", "broadcast_missing"}}; }
json to_json(const broadcasts_complete&) { return {{"event", "broadcasts_complete"}}; }

json to_json(const disconnected& e) {
  json out{{"event", "disconnected"}, {"reason", e.reason}};
  if (!e.text.empty()) out["text"] = e.text;
  if (e.retry_in) out["retry_in_ms"] = e.retry_in->count();
  return out;
}

json to_json(const problem& e) {
  json out{{"event", "error"}, {"error", name(e.error)}, {"message", e.message}};
  if (!e.hint.empty()) out["hint"] = e.hint;
  return out;
}

}  // namespace

void json_console::show(const event& e) {
  out_.write(std::visit([](const auto& one) { return to_json(one); }, e));
}

void json_console::on_line(const std::string& line, commands& to) {
  const auto space = line.find(' ');
  const auto word = line.substr(0, space);
  const auto rest = space == std::string::npos ? std::string() : line.substr(space + 1);
  if (word == "send") {
    to.send_text(rest);
  } else if (word == "ack") {
    const auto id = id_from_text(rest);
    if (!id) {
      return show(problem{errc::invalid_encoding, "a message id is 32 hexadecimal characters", {}});
    }
    to.acknowledge(*id);
  } else if (line == "disconnect") {
    to.disconnect();
  } else if (line == "exit") {
    to.exit();
  } else if (!line.empty()) {
    constexpr std::size_t longest_shown = 32;
    show(problem{errc::invalid_encoding, "unknown word: " + line.substr(0, longest_shown),
                 "The words are: send TEXT, ack MESSAGE_ID, disconnect, exit"});
  }
}

}  // namespace wardline::patient
