#include "patient/records/doctors.hpp"

namespace wardline::patient {
namespace {

known read(const store::row& r) {
  auto who = crypto::decode_identity(r.get<byte_view>(0));
  if (!who) {
    throw store::error(store::error_kind::corrupt, "the identity of a known doctor does not decode",
                       "Restore the data directory from a backup.");
  }
  return {std::move(*who), r.get<std::optional<std::string>>(1),
          r.get<std::optional<std::uint16_t>>(2).value_or(0), r.get<std::optional<unix_ms>>(3)};
}

}  // namespace

std::optional<known> doctors::find(const std::string& id) {
  return db_.prepare("SELECT identity, host, port, signed_in_at FROM doctors WHERE id = ?")
      .bind(id)
      .first(read);
}

std::optional<known> doctors::find(const crypto::fingerprint& key) {
  return db_.prepare("SELECT identity, host, port, signed_in_at FROM doctors WHERE fingerprint = ?")
      .bind(key)
      .first(read);
}

std::optional<known> doctors::latest() {
  return db_
      .prepare(
          "SELECT identity, host, port, signed_in_at FROM doctors"
          " ORDER BY pinned_at DESC, id LIMIT 1")
      .first(read);
}

result<void> doctors::pin(const crypto::identity& who, unix_ms now) {
  if (const auto there = find(who.id)) {
    if (there->who == who) return {};
    return errc::conflict;
  }
  db_.prepare("INSERT INTO doctors (id, identity, fingerprint, pinned_at) VALUES (?, ?, ?, ?)")
      .bind(who.id, crypto::encode(who), crypto::fingerprint_of(who), now)
      .run();
  return {};
}

void doctors::signed_in(const std::string& id, const std::string& host, std::uint16_t port,
                        unix_ms now) {
  db_.prepare("UPDATE doctors SET host = ?, port = ?, signed_in_at = ? WHERE id = ?")
      .bind(host, port, now, id)
      .run();
}

void doctors::turned_away(const std::string& id) {
  db_.prepare("UPDATE doctors SET signed_in_at = NULL WHERE id = ?").bind(id).run();
}

}  // namespace wardline::patient
