#include "doctor/views_json.hpp"

#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"
#include "doctor/content_name.hpp"

namespace wardline::doctor::view {

namespace {

using json = nlohmann::ordered_json;

json time_or_null(const std::optional<unix_ms>& t) { return t ? json(*t) : json(); }

template <class Row, class Make>
json list(const std::vector<Row>& rows, Make make) {
  json out = json::array();
  for (const auto& row : rows) out.push_back(make(row));
  return out;
}

std::string_view presence(const patient_row& r) {
  if (r.connected) return "connected";
  // Who was here when the gateway ended without a word may be anywhere.
  return r.since ? "away" : "unknown";
}

json id_or_null(const std::optional<protocol::message_id>& id) {
  return id ? json(to_hex(id->view())) : json();
}

bool is_decrypted(delivery_state s) {
  return s == delivery_state::decrypted || s == delivery_state::acknowledged;
}

}  // namespace

json identity(const std::string& id, crypto::group_id group, const crypto::fingerprint& key) {
  return {{"id", id},
          {"group", name(group)},
          {"fingerprint", to_digits(key)},
          {"fingerprint_hex", to_hex(key.view())}};
}

json status(const gateway_status& s) {
  json out = identity(s.id, s.group, s.fingerprint);
  out["address"] = s.address;
  out["started"] = s.started;
  out["enrolled"] = s.enrolled;
  out["connected"] = s.connected;
  out["waiting"] = s.waiting;
  out["overdue"] = s.overdue;
  out["connections"] = s.connections;
  out["generation"] = s.generation;
  return out;
}

json patients(const std::vector<patient_row>& rows) {
  return list(rows, [](const patient_row& r) {
    return json{{"id", r.id},
                {"connected", r.connected},
                {"presence", presence(r)},
                {"blocked", r.blocked},
                {"fingerprint", to_digits(r.fingerprint)},
                {"address", r.connected ? json(r.address) : json()},
                {"since", time_or_null(r.since)},
                {"last_seen", time_or_null(r.last_seen)},
                {"unconfirmed", r.unconfirmed}};
  });
}

json waiting(const std::vector<waiting_row>& rows) {
  return list(rows, [](const waiting_row& r) {
    return json{{"id", r.id},           {"fingerprint", to_digits(r.fingerprint)},
                {"address", r.address}, {"conflict", r.conflict},
                {"since", r.since},     {"until", r.until}};
  });
}

json invites(const std::vector<invite_summary>& rows) {
  return list(rows, [](const invite_summary& r) {
    return json{{"patient", r.patient_id}, {"created", r.created}, {"expires", r.expires}};
  });
}

json invite(const std::string& patient, const std::string& text, unix_ms expires) {
  return {{"patient", patient}, {"invite", text}, {"expires", expires}};
}

json delivery(const message_summary& m) {
  json missing = json::array();
  for (const auto& d : m.deliveries)
    if (!is_decrypted(d.state)) missing.push_back(d.patient_id);
  return {{"message_id", to_hex(m.id.view())},
          {"kind", m.is_broadcast ? "broadcast" : "direct"},
          {"created", m.created},
          {"expires", m.expires == 0 ? json() : json(m.expires)},
          {"priority", name(m.priority)},
          {"text", m.text},
          {"corrects", id_or_null(m.corrects)},
          {"cancels", id_or_null(m.cancels)},
          {"corrected_by", id_or_null(m.corrected_by)},
          {"cancelled_by", id_or_null(m.cancelled_by)},
          {"missing", std::move(missing)},
          {"deliveries", list(m.deliveries, [](const doctor::delivery& d) {
             return json{{"patient", d.patient_id},
                         {"state", name(d.state)},
                         {"sent_at", time_or_null(d.sent_at)},
                         {"decrypted_at", time_or_null(d.decrypted_at)},
                         {"acknowledged_at", time_or_null(d.acknowledged_at)},
                         {"overdue_at", time_or_null(d.overdue_at)}};
           })}};
}

json deliveries(const std::vector<message_summary>& rows) { return list(rows, delivery); }

json inbox(const std::vector<incoming>& rows) {
  return list(rows, [](const incoming& r) {
    const auto& c = r.content;
    json out{{"from", r.from},       {"message_id", to_hex(c.id.view())},
             {"type", name(c.type)}, {"priority", name(c.priority)},
             {"created", c.created}, {"received", r.received}};
    if (c.is_text())
      out["text"] = as_text(c.body);
    else
      out["body"] = to_base64url(c.body);
    return out;
  });
}

json accepted(const accepted_message& m) {
  json out{{"message_id", to_hex(m.id.view())}, {"recipients", m.recipients.size()}};
  if (m.corrects) out["corrects"] = id_or_null(m.corrects);
  if (m.cancels) out["cancels"] = id_or_null(m.cancels);
  return out;
}

json confirmation(const message_summary& m) {
  json decrypted = json::array();
  json missing = json::array();
  for (const auto& d : m.deliveries)
    (is_decrypted(d.state) ? decrypted : missing).push_back(d.patient_id);
  json out{{"message_id", to_hex(m.id.view())},
           {"recipients", m.deliveries.size()},
           {"decrypted", std::move(decrypted)},
           {"missing", std::move(missing)}};
  if (m.corrects) out["corrects"] = id_or_null(m.corrects);
  if (m.cancels) out["cancels"] = id_or_null(m.cancels);
  return out;
}

}  // namespace wardline::doctor::view
