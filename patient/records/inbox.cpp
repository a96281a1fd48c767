#include "patient/records/inbox.hpp"

#include <algorithm>

#include "patient/records/row_key.hpp"

namespace wardline::patient {
namespace {

const std::string select =
    "SELECT message_id, content, is_broadcast, opened_at, acknowledged_at, number FROM inbox ";

}  // namespace

inbox::inbox(store::database& db, const secret<32>& store_key, crypto::random_source& random)
    : db_(db), column_(store_key, "inbox", "content", random) {}

result<bool> inbox::keep(const std::string& doctor, const protocol::content& content,
                         byte_view encoded_content, bool is_broadcast, unix_ms now) {
  const auto key = row_key(content.id, doctor);
  const auto there = db_.prepare("SELECT content FROM inbox WHERE doctor = ? AND message_id = ?")
                         .bind(doctor, content.id)
                         .first([](const store::row& r) { return r.get<bytes>(0); });
  if (there) {
    const auto stored = open_column(column_, key, *there);
    if (!std::ranges::equal(stored.view(), encoded_content)) return errc::conflict;
    return false;
  }
  db_.prepare(
         "INSERT INTO inbox (doctor, message_id, is_broadcast, content, opened_at, refers_to,"
         " is_cancellation) VALUES (?, ?, ?, ?, ?, ?, ?)")
      .bind(doctor, content.id, is_broadcast, column_.seal(key, encoded_content), now,
            content.about(), content.is_cancellation())
      .run();
  return true;
}

std::optional<inbox_message> inbox::find(const std::string& doctor,
                                         const protocol::message_id& id) {
  auto found = db_.prepare(select + "WHERE doctor = ? AND message_id = ?")
                   .bind(doctor, id)
                   .first([&](const store::row& r) { return read(r, doctor); });
  if (!found) return std::nullopt;
  return with_standing(std::move(*found), doctor);
}

bool inbox::acknowledge(const std::string& doctor, const protocol::message_id& id, unix_ms now) {
  db_.prepare(
         "UPDATE inbox SET acknowledged_at = coalesce(acknowledged_at, ?)"
         " WHERE doctor = ? AND message_id = ?")
      .bind(now, doctor, id)
      .run();
  return db_.changes() > 0;
}

std::vector<inbox_message> inbox::unsent_acknowledgements(const std::string& doctor,
                                                          std::size_t limit) {
  std::vector<kept> out;
  db_.prepare(select +
              "WHERE doctor = ? AND acknowledged_at IS NOT NULL AND doctor_knows = 0"
              " ORDER BY number LIMIT ?")
      .bind(doctor, limit)
      .each([&](const store::row& r) { out.push_back(read(r, doctor)); });
  return with_standing(std::move(out), doctor);
}

void inbox::doctor_knows(const std::string& doctor, const protocol::message_id& id) {
  db_.prepare("UPDATE inbox SET doctor_knows = 1 WHERE doctor = ? AND message_id = ?")
      .bind(doctor, id)
      .run();
}

std::vector<inbox_message> inbox::recent(const std::string& doctor, std::size_t limit) {
  std::vector<kept> out;
  db_.prepare(select + "WHERE doctor = ? ORDER BY number DESC LIMIT ?")
      .bind(doctor, limit)
      .each([&](const store::row& r) { out.push_back(read(r, doctor)); });
  return with_standing(std::move(out), doctor);
}

inbox::kept inbox::read(const store::row& r, const std::string& doctor) {
  const auto id = r.get<protocol::message_id>(0);
  const auto plain = open_column(column_, row_key(id, doctor), r.get<byte_view>(1));
  auto content = protocol::decode<protocol::content>(plain.view());
  if (!content) {
    throw store::error(store::error_kind::corrupt, "a message in the inbox does not decode",
                       "Restore the data directory from a backup.");
  }
  return {
      r.get<std::int64_t>(5),
      {std::move(*content), r.get<bool>(2), r.get<unix_ms>(3), r.get<std::optional<unix_ms>>(4)}};
}

std::vector<inbox_message> inbox::with_standing(std::vector<kept>&& rows,
                                                const std::string& doctor) {
  std::vector<inbox_message> out;
  out.reserve(rows.size());
  for (auto& one : rows) out.push_back(with_standing(std::move(one), doctor));
  return out;
}

// What comes later among these is what the doctor made later: it gives a correction a time after
// that of whatever it takes the place of.
inbox_message inbox::with_standing(kept&& m, const std::string& doctor) {
  const auto& content = m.message.content;
  const auto original = content.about().value_or(content.id);
  standing at;
  unix_ms latest = content.created;
  const auto look_at = [&](const store::row& r) {
    auto [number, other] = read(r, doctor);
    if (other.content.id == content.id) return;
    const bool is_after = other.content.is_cancellation() ||
                          (other.content.is_amendment() && !content.is_amendment()) ||
                          other.content.created > content.created;
    if (!is_after || content.is_cancellation()) {
      if (content.is_amendment() && (!at.before || at.before->created < other.content.created)) {
        at.before = std::move(other.content);
      }
      return;
    }
    at.came_late = at.came_late || number < m.number;
    if (other.content.is_cancellation()) {
      at.cancelled_by = other.content.id;
    } else if (!at.corrected_by || other.content.created > latest) {
      at.corrected_by = other.content.id;
      latest = other.content.created;
    }
  };
  // Two searches: for an OR within one doctor SQLite reads all that the doctor has sent.
  db_.prepare(select + "WHERE doctor = ?1 AND message_id = ?2 UNION ALL " + select +
              "WHERE doctor = ?1 AND refers_to = ?2 ORDER BY number")
      .bind(doctor, original)
      .each(look_at);
  m.message.at = std::move(at);
  return std::move(m.message);
}

}  // namespace wardline::patient
