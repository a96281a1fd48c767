// What the operator asks the gateway for, and what changes nothing.
#include <utility>

#include "doctor/gateway_parts.hpp"
#include "doctor/waiting_room.hpp"

namespace wardline::doctor {

gateway_status gateway::status() {
  auto& p = *parts_;
  return {p.settings.id,
          p.self.own_fingerprint(),
          p.self.group().id(),
          net::address_text(p.door.local()),
          p.started,
          p.kept.patients.count(),
          p.present.size(),
          p.door.room().places().size(),
          p.kept.outbox.overdue_messages(),
          p.door.connections(),
          p.present.generation()};
}

std::vector<patient_row> gateway::patients() {
  auto& p = *parts_;
  std::vector<patient_row> out;
  for (const auto& patient : p.kept.patients.all()) {
    const session* s = p.present.find(patient.who.id);
    patient_row row{patient.who.id,
                    patient.key,
                    s != nullptr,
                    p.kept.blocks.is_blocked(patient.key),
                    {},
                    patient.away_since,
                    patient.last_seen,
                    p.kept.outbox.unconfirmed(patient.who.id)};
    if (s != nullptr) {
      row.address = s->address();
      row.since = s->since();
    }
    out.push_back(std::move(row));
  }
  return out;
}

std::vector<waiting_row> gateway::waiting() {
  auto& p = *parts_;
  std::vector<waiting_row> out;
  for (const auto& place : p.door.room().places()) {
    const auto* who = place.who->waiting_stranger();
    if (!who) continue;
    out.push_back({who->who.id, who->key, place.who->address(), who->conflict, place.since,
                   saturating_add(place.since, ms(p.settings.waiting.time))});
  }
  return out;
}

std::vector<invite_summary> gateway::invites() { return parts_->kept.invites.all(); }

std::vector<message_summary> gateway::deliveries(std::size_t limit) {
  return parts_->kept.outbox.recent(limit);
}

message_summary gateway::delivery(const protocol::message_id& id) {
  auto found = parts_->kept.outbox.summary(id);
  if (!found) throw failure("there is no such message", "'deliveries' lists them");
  return std::move(*found);
}

std::vector<message_summary> gateway::deliveries_to(const std::string& patient, std::size_t limit) {
  return parts_->kept.outbox.recent_to(patient, limit);
}

std::vector<incoming> gateway::inbox(std::size_t limit) { return parts_->kept.inbox.recent(limit); }

}  // namespace wardline::doctor
