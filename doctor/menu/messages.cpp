#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/util/text_encoding.hpp"
#include "doctor/content_name.hpp"
#include "doctor/events_text.hpp"
#include "doctor/menu/desk.hpp"
#include "doctor/views_json.hpp"
#include "doctor/views_text.hpp"

namespace wardline::doctor::menu {

namespace {

constexpr std::size_t listed_messages = 20;

/// The one of these that a line names by its number on the list (from 1); none if it is not that.
template <class Row>
const Row* numbered(const std::vector<Row>& rows, const std::string& line) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (line == std::to_string(i + 1)) return &rows[i];
  return nullptr;
}

void ask_priority(desk& d, protocol::priority otherwise,
                  const std::function<void(protocol::priority)>& next) {
  d.talk.ask(
      "Priority: routine, urgent or emergency", std::string(name(otherwise)),
      [&d, otherwise, next](const std::string& text) {
        if (const auto known = priority_named(text)) return next(*known);
        d.talk.print(fmt::format("\"{}\" is no priority; cancel ends this.", printable(text)));
        ask_priority(d, otherwise, next);
      });
}

// What an emergency says if the doctor has no time to say it.
constexpr auto emergency_text = "Emergency: stay where you are and wait for word";

void confirm_broadcast(desk& d, const std::string& text, protocol::priority p) {
  const auto s = d.at.status();
  if (s.enrolled == 0) return d.talk.print("No patients are enrolled: nobody to send it to.");
  d.talk.confirm(fmt::format("This goes as {} to {} enrolled patient{}, {} of them connected now.",
                             name(p), s.enrolled, s.enrolled == 1 ? "" : "s", s.connected),
                 [&d, text, p] {
                   const auto m = d.at.broadcast(text, {p, false});
                   d.talk.print(fmt::format("Broadcast {} is on its way to {}.", short_id(m.id),
                                            m.recipients.size()));
                 });
}

}  // namespace

void broadcast(desk& d) {
  d.talk.ask("Text to all patients", [&d](const std::string& text) {
    ask_priority(d, protocol::priority::emergency,
                 [&d, text](protocol::priority p) { confirm_broadcast(d, text, p); });
  });
}

void emergency(desk& d) {
  d.talk.ask("EMERGENCY to all patients", emergency_text, [&d](const std::string& text) {
    d.talk.print(fmt::format("It says: {}", printable(text)));
    confirm_broadcast(d, text, protocol::priority::emergency);
  });
}

void write_to(desk& d, const std::string& patient) {
  d.talk.ask("Text to " + patient, [&d, patient](const std::string& text) {
    ask_priority(d, protocol::priority::routine, [&d, patient, text](protocol::priority p) {
      const auto m = d.at.message(patient, text, p);
      d.talk.print(fmt::format("Message {} is on its way to {}.", short_id(m.id), patient));
    });
  });
}

void message_patient(desk& d) {
  d.talk.ask("Patient", [&d](const std::string& id) {
    const auto rows = d.at.patients();
    if (std::none_of(rows.begin(), rows.end(), [&id](const auto& r) { return r.id == id; }))
      throw failure(fmt::format("no patient {} is enrolled", id), "1 lists who is");
    write_to(d, id);
  });
}

void show_deliveries(desk& d) {
  const auto rows = d.at.deliveries(listed_messages);
  d.talk.print(view::deliveries_text(view::deliveries(rows), d.width()));
  if (rows.empty()) return;
  d.talk.ask("Number, for each of its recipients (empty to leave)",
             [&d, rows](const std::string& line) {
               const auto* chosen = numbered(rows, line);
               if (chosen == nullptr)
                 return d.talk.print(fmt::format("\"{}\" is not on the list.", printable(line)));
               const auto now = d.at.delivery(chosen->id);
               d.talk.print(view::delivery_text(view::delivery(now), d.width()));
               amend(d, now);
             });
}

}  // namespace wardline::doctor::menu
