#include "doctor/records/amendments.hpp"

#include <algorithm>

#include "doctor/records/columns.hpp"

namespace wardline::doctor {

// "number = N OR refers_to = N" is an original with its corrections; the numbers of states are
// those of delivery_state.
amendments::amendments(store::database& db, doctor::outbox& messages)
    : db_(db),
      outbox_(messages),
      root_(db.prepare("SELECT o.id, o.include_new FROM messages m"
                       " JOIN messages o ON o.number = coalesce(m.refers_to, m.number)"
                       " WHERE m.id = ?")),
      // Who was revoked before decrypting any of it stays unreachable, though the id be enrolled
      // again: by then it may be another person.
      concerned_(db.prepare(
          "SELECT patient, max(sent_at IS NOT NULL OR state IN (1, 2, 3)), max(state = 5) = 0"
          " AND EXISTS(SELECT 1 FROM patients p WHERE p.id = patient) FROM deliveries"
          " WHERE message IN (SELECT number FROM messages WHERE number = ?1 OR refers_to = ?1)"
          " GROUP BY patient ORDER BY patient")),
      is_cancelled_(db.prepare("SELECT 1 FROM messages WHERE refers_to = ?"
                               " AND is_cancellation = 1")),
      supersede_deliveries_(
          db.prepare("UPDATE deliveries SET state = 4 WHERE state <= 1 AND message IN"
                     " (SELECT number FROM messages WHERE number = ?1 OR refers_to = ?1)"
                     " RETURNING (SELECT id FROM messages WHERE number = message), patient")),
      supersede_messages_(db.prepare("UPDATE messages SET is_over = 1"
                                     " WHERE number = ?1 OR refers_to = ?1")),
      refer_(db.prepare("UPDATE messages SET refers_to = ?2, is_cancellation = ?3"
                        " WHERE number = ?1")),
      cannot_reach_(
          db.prepare("INSERT INTO deliveries(message, patient, state, is_urgent, accepted_at)"
                     " SELECT number, ?2, 5, is_urgent, ?3 FROM messages WHERE number = ?1")),
      latest_(db.prepare("SELECT id FROM messages WHERE number = ?1 OR refers_to = ?1"
                         " ORDER BY number DESC LIMIT 1")),
      end_(db.prepare("UPDATE messages SET is_over = 1 WHERE number = ?")),
      number_(db.prepare("SELECT number FROM messages WHERE id = ?")),
      last_of_earlier_(db.prepare("SELECT coalesce(max(number), 0) FROM messages")
                           .first([](const store::row& r) { return r.get<std::int64_t>(0); })
                           .value()) {}

std::int64_t amendments::number_of(const protocol::message_id& id) {
  return number_.bind(id)
      .first([](const store::row& r) { return r.get<std::int64_t>(0); })
      .value_or(0);
}

std::optional<amendable> amendments::find(const protocol::message_id& id) {
  struct root {
    protocol::message_id id;
    bool include_new;
  };
  const auto found = root_.bind(id).first([](const store::row& r) {
    return root{r.get<protocol::message_id>(0), r.get<bool>(1)};
  });
  if (!found) return std::nullopt;
  const auto number = number_of(found->id);
  const auto last = latest_.bind(number).first(
      [](const store::row& r) { return r.get<protocol::message_id>(0); });
  const auto original = outbox_.find(found->id);
  const auto latest = outbox_.find(last.value());
  const auto holds = [&](store::statement& query) {
    return query.bind(number).first([](const store::row&) { return true; }).has_value();
  };
  return amendable{found->id,
                   original->is_broadcast,
                   found->include_new,
                   latest->content.created,
                   original->content.expires,
                   original->content.priority,
                   holds(is_cancelled_)};
}

std::vector<amendments::concerned> amendments::all_concerned(std::int64_t original) {
  std::vector<concerned> out;
  concerned_.bind(original).each([&](const store::row& r) {
    out.push_back({r.get<std::string>(0), r.get<bool>(1), r.get<bool>(2)});
  });
  return out;
}

amended amendments::accept(const outgoing& amendment, const amendable& original, bool queued_too) {
  const bool is_cancellation = amendment.content.is_cancellation();
  const auto about = number_of(original.id);
  amended out;
  store::transaction whole(db_);
  outbox_.complete();
  for (auto& [patient, was_sent, is_reachable] : all_concerned(about)) {
    if (is_cancellation && !was_sent && !queued_too) continue;
    (is_reachable ? out.recipients : out.unreachable).push_back(std::move(patient));
  }
  supersede_deliveries_.bind(about).each([&](const store::row& r) {
    out.superseded.push_back({r.get<protocol::message_id>(0), r.get<std::string>(1)});
  });
  supersede_messages_.bind(about).run();

  const bool for_newcomers = original.include_new && !is_cancellation;
  outbox_.accept(amendment, out.recipients, for_newcomers);
  const auto number = number_of(amendment.content.id);
  refer_.bind(number, about, is_cancellation).run();
  const auto accepted_at = column::clamped(amendment.content.created);
  for (const auto& patient : out.unreachable)
    cannot_reach_.bind(number, patient, accepted_at).run();
  if (out.recipients.empty() && !for_newcomers) end_.bind(number).run();  // it is for nobody
  whole.commit();
  return out;
}

bool amendments::is_of_an_earlier_run(const protocol::message_id& id) {
  return number_of(id) <= last_of_earlier_;
}

}  // namespace wardline::doctor
