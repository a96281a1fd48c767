#include "doctor/views_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/cli/table.hpp"
#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::doctor::view {

namespace {

using json = nlohmann::ordered_json;

std::string text_of(const json& v, const char* key) {
  return v.at(key).is_null() ? std::string("-") : v.at(key).get<std::string>();
}

std::string time_of(const json& v, const char* key, std::string_view otherwise = "-") {
  return v.at(key).is_null() ? std::string(otherwise) : cli::local_text(v.at(key).get<unix_ms>());
}

std::size_t number_of(const json& v, const char* key) { return v.at(key).get<std::size_t>(); }

std::size_t count_states(const json& deliveries, std::initializer_list<std::string_view> states) {
  std::size_t n = 0;
  for (const auto& d : deliveries)
    for (const auto& s : states) n += d.at("state").get_ref<const std::string&>() == s ? 1 : 0;
  return n;
}

std::string plural(std::size_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

/// What comes with a line feed of its own, without control characters.
std::string lines(const std::string& text) { return printable(text) + "\n"; }

std::string joined(const json& names) {
  std::string out;
  for (const auto& n : names) {
    if (!out.empty()) out += ", ";
    out += n.get<std::string>();
  }
  return out;
}

bool is_overdue(const json& delivery) {
  const auto& state = delivery.at("state");
  return (state == "queued" || state == "sent") && !delivery.at("overdue_at").is_null();
}

/// "14 of 20 decrypted it; missing: p3, p7": the number is never without the names.
std::string decrypted_by(const json& message) {
  const auto& missing = message.at("missing");
  const auto recipients = message.at("deliveries").size();
  auto out = fmt::format("{} of {} decrypted it", recipients - missing.size(), recipients);
  if (!missing.empty()) out += "; missing: " + joined(missing);
  const auto& rows = message.at("deliveries");
  return (std::any_of(rows.begin(), rows.end(), is_overdue) ? "OVERDUE: " : "") + out;
}

std::string state_of(const json& delivery) {
  const auto state = text_of(delivery, "state");
  return is_overdue(delivery) ? state + ", OVERDUE" : state;
}

/// "CORRECTS 01234567" and the like, "" for most messages.
std::string standing_of(const json& message, std::size_t digits) {
  std::string out;
  const auto add = [&](const char* member, std::string_view words) {
    if (message.at(member).is_null()) return;
    if (!out.empty()) out += ", ";
    out += fmt::format("{} {}", words, text_of(message, member).substr(0, digits));
  };
  add("corrects", "CORRECTS");
  add("cancels", "CANCELS");
  // What is cancelled does not hold in any version.
  if (message.at("cancelled_by").is_null())
    add("corrected_by", "CORRECTED by");
  else
    add("cancelled_by", "CANCELLED by");
  return out;
}

std::string body_of(const json& message) {
  if (message.contains("text")) return text_of(message, "text");
  return fmt::format("({})", text_of(message, "type"));
}

}  // namespace

std::string identity_text(const json& v) {
  return lines(fmt::format("id:           {}\ngroup:        {}\nfingerprint:  {}", text_of(v, "id"),
                           text_of(v, "group"), text_of(v, "fingerprint")));
}

std::string status_text(const json& v, unix_ms now) {
  const auto started = v.at("started").get<unix_ms>();
  const auto up = std::chrono::duration_cast<seconds>(
      milliseconds(now > started ? static_cast<std::int64_t>(now - started) : 0));
  return identity_text(v) +
         lines(fmt::format("address:      {}\nrunning for:  {}\npatients:     {} of {} enrolled "
                           "connected\nwaiting:      {}\noverdue:      "
                           "{}\nconnections:  {}\ngroup key:    {}",
                           text_of(v, "address"), cli::duration_text(up), number_of(v, "connected"),
                           number_of(v, "enrolled"), number_of(v, "waiting"),
                           plural(number_of(v, "overdue"), "message"), number_of(v, "connections"),
                           number_of(v, "generation") == 0
                               ? std::string("none yet")
                               : fmt::format("generation {}", number_of(v, "generation"))));
}

std::string patients_text(const json& v, std::size_t width) {
  if (v.empty()) return "No patients are enrolled.\n";
  std::size_t connected = 0;
  cli::table t({"PATIENT", "STATE", "SINCE", "LAST SEEN", "UNCONFIRMED", "ADDRESS"});
  for (const bool want : {true, false})  // who is here comes first
    for (const auto& row : v) {
      if (row.at("connected").get<bool>() != want) continue;
      connected += want ? 1 : 0;
      const bool blocked = row.at("blocked").get<bool>();
      t.add({text_of(row, "id"), blocked ? "blocked" : text_of(row, "presence"),
             time_of(row, "since"), time_of(row, "last_seen", want ? "now" : "never"),
             std::to_string(number_of(row, "unconfirmed")), text_of(row, "address")});
    }
  return fmt::format("{} of {} connected.\n", connected, plural(v.size(), "enrolled patient")) +
         t.text(width);
}

std::string waiting_text(const json& v, std::size_t width) {
  if (v.empty()) return "Nobody is waiting.\n";
  cli::table t({"#", "WHO", "ADDRESS", "SINCE", "UNTIL", "NOTE"});
  std::string fingerprints;  // in full, whatever the width: they are there to be compared
  std::size_t n = 0;
  for (const auto& row : v) {
    t.add({std::to_string(++n), text_of(row, "id"), text_of(row, "address"), time_of(row, "since"),
           time_of(row, "until"),
           row.at("conflict").get<bool>() ? "enrolled with OTHER keys" : ""});
    fingerprints += fmt::format("{}  {}\n", n, printable(text_of(row, "fingerprint")));
  }
  return t.text(width) + "Fingerprints, to compare with what the patient sees:\n" + fingerprints;
}

std::string invites_text(const json& v, std::size_t width) {
  if (v.empty()) return "No invites are open.\n";
  cli::table t({"PATIENT", "MADE", "EXPIRES"});
  for (const auto& row : v)
    t.add({text_of(row, "patient"), time_of(row, "created"), time_of(row, "expires")});
  return t.text(width);
}

std::string invite_text(const json& v) { return lines(text_of(v, "invite")); }

std::string delivery_text(const json& v, std::size_t width) {
  cli::table t({"PATIENT", "STATE", "SENT", "DECRYPTED", "ACKNOWLEDGED"});
  for (const auto& d : v.at("deliveries"))
    t.add({text_of(d, "patient"), state_of(d), time_of(d, "sent_at"), time_of(d, "decrypted_at"),
           time_of(d, "acknowledged_at")});
  const auto standing = standing_of(v, std::string::npos);
  return lines(fmt::format("{} {} of {}, {}: {}", text_of(v, "kind"), text_of(v, "message_id"),
                           time_of(v, "created"), text_of(v, "priority"), text_of(v, "text"))) +
         (standing.empty() ? std::string() : lines(standing)) +
         (t.empty() ? std::string() : lines(decrypted_by(v))) +
         (t.empty() ? std::string("It has no recipients.\n") : t.text(width));
}

std::string deliveries_text(const json& v, std::size_t width) {
  if (v.empty()) return "No messages have been sent.\n";
  cli::table t({"#", "MESSAGE", "SENT", "TO", "PRIORITY", "DECRYPTED", "ACKED", "TEXT"});
  std::string missing;
  std::size_t n = 0;
  for (const auto& m : v) {
    const auto& d = m.at("deliveries");
    const bool to_all = text_of(m, "kind") == "broadcast" || d.empty();
    const auto standing = standing_of(m, 8);
    const auto acknowledged = count_states(d, {"acknowledged"});
    const auto decrypted = acknowledged + count_states(d, {"decrypted"});
    // A terminal has no room for all of an id, and its beginning serves as a name.
    const auto id = text_of(m, "message_id").substr(0, width == 0 ? std::string::npos : 8);
    t.add({std::to_string(++n), id, time_of(m, "created"),
           to_all ? "all" : text_of(d.at(0), "patient"), text_of(m, "priority"),
           fmt::format("{} of {}", decrypted, d.size()), std::to_string(acknowledged),
           standing.empty() ? text_of(m, "text")
                            : fmt::format("[{}] {}", standing, text_of(m, "text"))});
    if (decrypted < d.size()) missing += lines(fmt::format("{}  {}", n, decrypted_by(m)));
  }
  return t.text(width) + missing;
}

std::string inbox_text(const json& v, std::size_t width) {
  if (v.empty()) return "No messages have come.\n";
  cli::table t({"RECEIVED", "FROM", "PRIORITY", "TEXT"});
  for (const auto& m : v)
    t.add({time_of(m, "received"), text_of(m, "from"), text_of(m, "priority"), body_of(m)});
  return t.text(width);
}

std::string accepted_text(const json& v) {
  return lines(fmt::format("{} to {}", text_of(v, "message_id"),
                           plural(number_of(v, "recipients"), "recipient")));
}

std::string confirmation_text(const json& v) {
  const auto recipients = number_of(v, "recipients");
  auto out = fmt::format("{}: {} of {} decrypted it", text_of(v, "message_id"),
                         v.at("decrypted").size(), plural(recipients, "recipient"));
  if (!v.at("missing").empty()) out += fmt::format("\nmissing: {}", joined(v.at("missing")));
  return lines(out);
}

}  // namespace wardline::doctor::view
