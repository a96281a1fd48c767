#include "patient/records/outbox.hpp"

#include <algorithm>

#include "patient/records/row_key.hpp"

namespace wardline::patient {

std::string_view name(delivery_state state) noexcept {
  switch (state) {
    case delivery_state::queued:
      return "queued";
    case delivery_state::sent:
      return "sent";
    case delivery_state::decrypted:
      return "decrypted";
    case delivery_state::acknowledged:
      break;
  }
  return "acknowledged";
}

outbox::outbox(store::database& db, const secret<32>& store_key, crypto::random_source& random)
    : db_(db), column_(store_key, "outbox", "content", random) {}

void outbox::accept(const std::string& doctor, const protocol::content& content) {
  const auto sealed = column_.seal(row_key(content.id, doctor), protocol::encode(content));
  db_.prepare("INSERT INTO outbox (doctor, message_id, content, state) VALUES (?, ?, ?, ?)")
      .bind(doctor, content.id, sealed, static_cast<int>(delivery_state::queued))
      .run();
}

std::vector<outbox_message> outbox::unreceipted(const std::string& doctor, std::int64_t after,
                                                std::size_t limit) {
  std::vector<outbox_message> out;
  db_.prepare(
         "SELECT number, message_id, content, state FROM outbox"
         " WHERE doctor = ? AND number > ? AND state < 2 ORDER BY number LIMIT ?")
      .bind(doctor, after, limit)
      .each([&](const store::row& r) { out.push_back(read(r, doctor)); });
  return out;
}

std::size_t outbox::count_unreceipted(const std::string& doctor) {
  return db_.prepare("SELECT count(*) FROM outbox WHERE doctor = ? AND state < 2")
      .bind(doctor)
      .first([](const store::row& r) { return r.get<std::size_t>(0); })
      .value_or(0);
}

std::optional<outbox_message> outbox::find(const std::string& doctor,
                                           const protocol::message_id& id) {
  return db_
      .prepare(
          "SELECT number, message_id, content, state FROM outbox"
          " WHERE doctor = ? AND message_id = ?")
      .bind(doctor, id)
      .first([&](const store::row& r) { return read(r, doctor); });
}

bool outbox::advance(const std::string& doctor, const protocol::message_id& id,
                     delivery_state state) {
  const auto to = static_cast<int>(state);
  db_.prepare("UPDATE outbox SET state = ? WHERE doctor = ? AND message_id = ? AND state < ?")
      .bind(to, doctor, id, to)
      .run();
  return db_.changes() > 0;
}

outbox_message outbox::read(const store::row& r, const std::string& doctor) {
  const auto id = r.get<protocol::message_id>(1);
  const auto plain = open_column(column_, row_key(id, doctor), r.get<byte_view>(2));
  const auto state = r.get<int>(3);
  return {r.get<std::int64_t>(0), id, to_bytes(plain.view()),
          static_cast<delivery_state>(std::clamp(state, 0, 3))};
}

}  // namespace wardline::patient
