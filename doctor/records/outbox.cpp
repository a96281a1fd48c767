#include "doctor/records/outbox.hpp"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

#include "common/util/text_encoding.hpp"
#include "doctor/records/columns.hpp"

namespace wardline::doctor {

std::string_view name(delivery_state state) noexcept {
  switch (state) {
    case delivery_state::queued:
      return "queued";
    case delivery_state::sent:
      return "sent";
    case delivery_state::decrypted:
      return "decrypted";
    case delivery_state::acknowledged:
      return "acknowledged";
    case delivery_state::expired:
      return "expired";
    case delivery_state::unreachable:
      return "unreachable";
  }
  return "unknown";
}

namespace {

bool is_urgent(const protocol::content& content) noexcept {
  return content.priority != protocol::priority::routine;
}

// An id has no space in it.
std::string joined(const std::vector<std::string>& ids) {
  return fmt::format("{}", fmt::join(ids, " "));
}

std::vector<std::string> split(std::string_view ids) {
  std::vector<std::string> out;
  while (!ids.empty()) {
    const auto end = std::min(ids.find(' '), ids.size());
    out.emplace_back(ids.substr(0, end));
    ids.remove_prefix(std::min(end + 1, ids.size()));
  }
  return out;
}

}  // namespace

// The numbers of the states are those of delivery_state. "state <= 1", queued or sent, is written
// as the index deliveries_pending has it.
outbox::outbox(store::database& db, const secret<32>& store_key, crypto::random_source& random)
    : db_(db),
      content_(store_key, "messages", "content", random),
      signature_(store_key, "messages", "signature", random),
      accept_(db.prepare("INSERT INTO messages(id, is_broadcast, expires, include_new, is_urgent,"
                         " content, generation, ratchet, seq, signature, recipients)"
                         " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
      add_row_(db.prepare("INSERT INTO deliveries(message, patient, state, is_urgent, accepted_at,"
                          " sent_at) VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")),
      lacking_rows_(db.prepare("SELECT id, recipients FROM messages WHERE recipients IS NOT NULL"
                               " ORDER BY number")),
      has_rows_(db.prepare("UPDATE messages SET recipients = NULL WHERE id = ?")),
      number_(db.prepare("SELECT number FROM messages WHERE id = ?")),
      find_(db.prepare("SELECT is_broadcast, content, generation, ratchet, seq, signature"
                       " FROM messages WHERE id = ?")),
      pending_(db.prepare("SELECT m.id FROM deliveries d JOIN messages m ON m.number = d.message"
                          " WHERE d.patient = ? AND d.state <= 1"
                          " AND (m.expires IS NULL OR m.expires > ?)"
                          " ORDER BY d.message LIMIT ?")),
      sent_(db.prepare("UPDATE deliveries SET state = 1, sent_at = ?3 WHERE message ="
                       " (SELECT number FROM messages WHERE id = ?1) AND patient = ?2"
                       " AND state = 0")),
      decrypted_(db.prepare("UPDATE deliveries SET state = 2, decrypted_at = ?3 WHERE message ="
                            " (SELECT number FROM messages WHERE id = ?1) AND patient = ?2"
                            " AND state IN (0, 1, 4)")),
      acknowledged_(db.prepare("UPDATE deliveries SET state = 3, acknowledged_at = ?3,"
                               " decrypted_at = coalesce(decrypted_at, ?3) WHERE message ="
                               " (SELECT number FROM messages WHERE id = ?1) AND patient = ?2"
                               " AND state IN (0, 1, 2, 4)")),
      is_recipient_(db.prepare("SELECT 1 FROM deliveries WHERE message ="
                               " (SELECT number FROM messages WHERE id = ?) AND patient = ?")),
      unconfirmed_(db.prepare("SELECT count(*) FROM deliveries WHERE patient = ? AND state <= 1")),
      have_expired_(db.prepare("SELECT 1 FROM messages WHERE is_over = 0 AND expires <= ?")),
      expire_deliveries_(db.prepare("UPDATE deliveries SET state = 4 WHERE state <= 1 AND message"
                                    " IN (SELECT number FROM messages WHERE is_over = 0"
                                    " AND expires <= ?) RETURNING"
                                    " (SELECT id FROM messages WHERE number = message), patient")),
      expire_messages_(db.prepare("UPDATE messages SET is_over = 1 WHERE is_over = 0"
                                  " AND expires <= ?")),
      is_pending_(db.prepare("SELECT 1 FROM deliveries WHERE message ="
                             " (SELECT number FROM messages WHERE id = ?) AND patient = ?"
                             " AND state <= 1")),
      is_over_(db.prepare("SELECT 1 FROM messages WHERE id = ? AND is_over = 1")),
      include_(db.prepare("INSERT OR IGNORE INTO deliveries(message, patient, state, is_urgent,"
                          " accepted_at)"
                          " SELECT number, ?1, 0, is_urgent, ?2 FROM messages WHERE include_new = 1"
                          " AND is_over = 0 AND (expires IS NULL OR expires > ?2)")),
      unconfirmed_since_(db.prepare(
          "SELECT m.id, d.patient FROM deliveries d JOIN messages m ON m.number = d.message"
          " WHERE d.is_urgent = 1 AND d.state <= 1 AND d.overdue_at IS NULL AND d.accepted_at <= ?1"
          " AND d.state = 1 AND d.sent_at <= ?1 AND d.resent_at IS NULL")),
      resent_(db.prepare("UPDATE deliveries SET resent_at = ?3 WHERE message ="
                         " (SELECT number FROM messages WHERE id = ?1) AND patient = ?2")),
      has_overdue_(db.prepare("SELECT 1 FROM deliveries WHERE is_urgent = 1 AND state <= 1"
                              " AND overdue_at IS NULL AND accepted_at <= ?")),
      take_overdue_(
          db.prepare("UPDATE deliveries SET overdue_at = ?2 WHERE is_urgent = 1 AND state <= 1"
                     " AND overdue_at IS NULL AND accepted_at <= ?1"
                     " RETURNING (SELECT id FROM messages WHERE number = message), patient")),
      overdue_(db.prepare("SELECT count(DISTINCT message) FROM deliveries WHERE state <= 1"
                          " AND overdue_at IS NOT NULL")),
      recent_(db.prepare("SELECT number, id, is_broadcast, content FROM messages"
                         " ORDER BY number DESC LIMIT ?")),
      // Not all messages are looked through for one who gets few.
      recent_to_(db.prepare("SELECT number, id, is_broadcast, content FROM (SELECT * FROM messages"
                            " ORDER BY number DESC LIMIT ?2) WHERE EXISTS (SELECT 1 FROM deliveries"
                            " WHERE message = number AND patient = ?1) ORDER BY number DESC")),
      summary_(db.prepare("SELECT number, id, is_broadcast, content FROM messages WHERE id = ?")),
      deliveries_(db.prepare("SELECT patient, state, sent_at, decrypted_at, acknowledged_at,"
                             " overdue_at FROM deliveries WHERE message = ? ORDER BY patient")),
      delivery_to_(db.prepare("SELECT patient, state, sent_at, decrypted_at, acknowledged_at,"
                              " overdue_at FROM deliveries WHERE message = ? AND patient = ?")),
      amended_by_(db.prepare("SELECT a.id, a.is_cancellation FROM messages a"
                             " WHERE a.refers_to = (SELECT coalesce(refers_to, number)"
                             " FROM messages WHERE number = ?1) AND a.number > ?1"
                             " ORDER BY a.number")) {}

void outbox::accept(const outgoing& message, const std::vector<std::string>& recipients,
                    bool include_new) {
  const auto& content = message.content;
  const auto& id = content.id;
  const unix_ms expires = content.expires == 0 ? UINT64_MAX : content.expires;  // 0: never
  const auto& at = message.position;
  store::transaction whole(db_);
  accept_
      .bind(id, message.is_broadcast, column::of_deadline(expires), include_new, is_urgent(content),
            content_.seal(id.view(), message.encoded_content),
            at ? std::optional(at->generation) : std::nullopt,
            at ? std::optional(at->ratchet) : std::nullopt,
            at ? std::optional(at->seq) : std::nullopt,
            at ? std::optional(signature_.seal(id.view(), message.signature)) : std::nullopt,
            message.is_broadcast ? std::optional(joined(recipients)) : std::nullopt)
      .run();
  if (message.is_broadcast) {
    may_lack_rows_ = true;
  } else {
    add_rows(content, recipients, {}, 0);
  }
  whole.commit();
}

void outbox::add_rows(const protocol::content& content, const std::vector<std::string>& recipients,
                      const std::vector<std::string>& sent_to, unix_ms now) {
  const auto number =
      number_.bind(content.id).first([](const store::row& r) { return r.get<std::int64_t>(0); });
  for (const auto& patient : recipients) {
    const bool is_sent = std::binary_search(sent_to.begin(), sent_to.end(), patient);
    add_row_
        .bind(number.value(), patient, is_sent, is_urgent(content),
              column::clamped(content.created),
              is_sent ? std::optional(column::clamped(now)) : std::nullopt)
        .run();
  }
}

void outbox::sent_out(const outgoing& message, const std::vector<std::string>& recipients,
                      const std::vector<std::string>& sent_to, unix_ms now) {
  store::transaction whole(db_);
  add_rows(message.content, recipients, sent_to, now);
  has_rows_.bind(message.content.id).run();
  whole.commit();
}

void outbox::complete() {
  if (!may_lack_rows_) return;
  std::vector<std::pair<protocol::message_id, std::vector<std::string>>> all;
  lacking_rows_.each([&](const store::row& r) {
    all.emplace_back(r.get<protocol::message_id>(0), split(r.get<std::string_view>(1)));
  });
  if (!all.empty()) {
    store::transaction whole(db_);
    for (const auto& [id, recipients] : all) sent_out(find(id).value(), recipients, {}, 0);
    whole.commit();
  }
  may_lack_rows_ = db_.in_transaction();  // what is undone is to be done again
}

void outbox::include(const std::string& patient_id, unix_ms now) {
  complete();
  include_.bind(patient_id, column::clamped(now)).run();
}

bytes outbox::open(crypto::sealed_column& sealed, const protocol::message_id& id, byte_view cell) {
  return to_bytes(
      column::open(db_, sealed, id.view(), cell, "message " + to_hex(id.view())).view());
}

protocol::content outbox::decode(byte_view encoded, const protocol::message_id& id) const {
  auto content = protocol::decode<protocol::content>(encoded);
  if (!content) column::refuse(db_, "message " + to_hex(id.view()) + " does not decode");
  return std::move(*content);
}

std::optional<outgoing> outbox::find(const protocol::message_id& id) {
  return find_.bind(id).first([&](const store::row& r) {
    outgoing out{{}, open(content_, id, r.get<byte_view>(1)), r.get<bool>(0), std::nullopt, {}};
    out.content = decode(out.encoded_content, id);
    if (out.is_broadcast) {
      out.position = {r.get<std::uint32_t>(2), r.get<std::uint32_t>(3), r.get<std::uint64_t>(4)};
      out.signature = open(signature_, id, r.get<byte_view>(5));
    }
    return out;
  });
}

std::vector<protocol::message_id> outbox::pending(const std::string& patient_id, unix_ms now,
                                                  std::size_t limit) {
  complete();
  std::vector<protocol::message_id> out;
  pending_.bind(patient_id, column::clamped(now), column::clamped(limit))
      .each([&](const store::row& r) { out.push_back(r.get<protocol::message_id>(0)); });
  return out;
}

void outbox::sent(const protocol::message_id& id, const std::vector<std::string>& patient_ids,
                  unix_ms now) {
  complete();
  if (patient_ids.empty()) return;
  store::transaction whole(db_);
  for (const auto& patient : patient_ids) sent_.bind(id, patient, column::clamped(now)).run();
  whole.commit();
}

std::vector<receipt_record> outbox::receipts(const std::vector<receipt_record>& batch) {
  complete();
  std::vector<receipt_record> changed;
  if (batch.empty()) return changed;
  store::transaction whole(db_);
  for (const auto& r : batch) {
    auto& record = r.state == protocol::receipt_state::acknowledged ? acknowledged_ : decrypted_;
    record.bind(r.message, r.patient_id, column::clamped(r.at)).run();
    if (db_.changes() > 0) changed.push_back(r);
  }
  whole.commit();
  return changed;
}

bool outbox::is_recipient(const protocol::message_id& id, const std::string& patient_id) {
  complete();
  return is_recipient_.bind(id, patient_id)
      .first([](const store::row&) { return true; })
      .has_value();
}

std::vector<outbox::undelivered> outbox::expire(unix_ms now) {
  complete();
  const auto time = column::clamped(now);
  std::vector<undelivered> out;
  if (!have_expired_.bind(time).first([](const store::row&) { return true; })) return out;
  store::transaction whole(db_);
  expire_deliveries_.bind(time).each([&](const store::row& r) {
    out.push_back({r.get<protocol::message_id>(0), r.get<std::string>(1)});
  });
  expire_messages_.bind(time).run();
  whole.commit();
  return out;
}

namespace {

outbox::undelivered read_undelivered(const store::row& r) {
  return {r.get<protocol::message_id>(0), r.get<std::string>(1)};
}

}  // namespace

std::vector<outbox::undelivered> outbox::unconfirmed_since(unix_ms sent_before) {
  complete();
  std::vector<undelivered> out;
  unconfirmed_since_.bind(column::clamped(sent_before)).each([&](const store::row& r) {
    out.push_back(read_undelivered(r));
  });
  return out;
}

void outbox::resent(const std::vector<undelivered>& which, unix_ms now) {
  if (which.empty()) return;
  store::transaction whole(db_);
  for (const auto& [id, patient] : which) resent_.bind(id, patient, column::clamped(now)).run();
  whole.commit();
}

bool outbox::has_overdue(unix_ms accepted_before) {
  complete();
  return has_overdue_.bind(column::clamped(accepted_before))
      .first([](const store::row&) { return true; })
      .has_value();
}

std::vector<outbox::undelivered> outbox::take_overdue(unix_ms accepted_before, unix_ms now) {
  std::vector<undelivered> out;
  take_overdue_.bind(column::clamped(accepted_before), column::clamped(now))
      .each([&](const store::row& r) { out.push_back(read_undelivered(r)); });
  return out;
}

std::size_t outbox::overdue_messages() {
  return overdue_.first([](const store::row& r) { return r.get<std::size_t>(0); }).value();
}

bool outbox::is_pending(const protocol::message_id& id, const std::string& patient_id) {
  complete();
  return is_pending_.bind(id, patient_id).first([](const store::row&) { return true; }).has_value();
}

bool outbox::is_over(const protocol::message_id& id) {
  return is_over_.bind(id).first([](const store::row&) { return true; }).has_value();
}

message_summary outbox::read_summary(const store::row& r, const std::string& only_to) {
  const auto id = r.get<protocol::message_id>(1);
  const auto content = decode(open(content_, id, r.get<byte_view>(3)), id);
  message_summary out{id,
                      r.get<bool>(2),
                      content.created,
                      content.expires,
                      content.priority,
                      std::string(content.text()),
                      {}};
  (content.is_cancellation() ? out.cancels : out.corrects) = content.about();
  read_amendments(r.get<std::int64_t>(0), out);
  const auto number = r.get<std::int64_t>(0);
  auto& rows = only_to.empty() ? deliveries_.bind(number) : delivery_to_.bind(number, only_to);
  rows.each([&](const store::row& d) {
    const auto state = d.get<std::uint8_t>(1);
    if (state > static_cast<std::uint8_t>(delivery_state::unreachable)) {
      column::refuse(db_, "a delivery has an unknown state");
    }
    out.deliveries.push_back({d.get<std::string>(0), static_cast<delivery_state>(state),
                              d.get<std::optional<unix_ms>>(2), d.get<std::optional<unix_ms>>(3),
                              d.get<std::optional<unix_ms>>(4), d.get<std::optional<unix_ms>>(5)});
  });
  return out;
}

void outbox::read_amendments(std::int64_t number, message_summary& out) {
  amended_by_.bind(number).each([&](const store::row& r) {
    (r.get<bool>(1) ? out.cancelled_by : out.corrected_by) = r.get<protocol::message_id>(0);
  });
}

std::vector<message_summary> outbox::recent(std::size_t limit) {
  complete();
  std::vector<message_summary> out;
  recent_.bind(column::clamped(limit)).each([&](const store::row& r) {
    out.push_back(read_summary(r));
  });
  return out;
}

std::vector<message_summary> outbox::recent_to(const std::string& patient_id, std::size_t limit) {
  complete();
  std::vector<message_summary> out;
  recent_to_.bind(patient_id, column::clamped(limit)).each([&](const store::row& r) {
    out.push_back(read_summary(r, patient_id));
  });
  return out;
}

std::optional<message_summary> outbox::summary(const protocol::message_id& id) {
  complete();
  return summary_.bind(id).first([&](const store::row& r) { return read_summary(r); });
}

std::size_t outbox::unconfirmed(const std::string& patient_id) {
  complete();
  return unconfirmed_.bind(patient_id)
      .first([](const store::row& r) { return r.get<std::size_t>(0); })
      .value();
}

}  // namespace wardline::doctor
