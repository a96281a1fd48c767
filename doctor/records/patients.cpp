#include "doctor/records/patients.hpp"

#include "doctor/records/columns.hpp"

namespace wardline::doctor {

patients::patients(store::database& db)
    : db_(db),
      find_(db.prepare("SELECT id, identity, scopes, enrolled_at, last_seen, away_since"
                       " FROM patients WHERE id = ?")),
      all_(db.prepare("SELECT id, identity, scopes, enrolled_at, last_seen, away_since"
                      " FROM patients ORDER BY id")),
      ids_(db.prepare("SELECT id FROM patients ORDER BY id")),
      count_(db.prepare("SELECT count(*) FROM patients")),
      keep_(db.prepare("INSERT INTO patients(id, identity, scopes, enrolled_at)"
                       " VALUES(?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET"
                       " identity = excluded.identity, scopes = excluded.scopes,"
                       " enrolled_at = excluded.enrolled_at")),
      change_scopes_(db.prepare("UPDATE patients SET scopes = ? WHERE id = ?")),
      remove_(db.prepare("DELETE FROM patients WHERE id = ?")),  // the token goes with it
      arrived_(db.prepare("UPDATE patients SET last_seen = ?, away_since = NULL WHERE id = ?")),
      left_(db.prepare("UPDATE patients SET last_seen = ?1, away_since = ?1 WHERE id = ?2")),
      revoke_key_(db.prepare("INSERT INTO revoked_keys(key, patient, revoked_at) VALUES(?, ?, ?)"
                             " ON CONFLICT(key) DO NOTHING")),
      is_revoked_(db.prepare("SELECT 1 FROM revoked_keys WHERE key = ?")),
      drop_token_(db.prepare("DELETE FROM tokens WHERE patient = ?")),
      drop_invite_(db.prepare("DELETE FROM invites WHERE patient = ?")),
      give_up_deliveries_(
          db.prepare("UPDATE deliveries SET state = 5 WHERE patient = ? AND state <= 1"
                     " RETURNING (SELECT id FROM messages WHERE number = message)")) {}

enrolled_patient patients::read(const store::row& r) const {
  auto who = column::identity(db_, r, 1, r.get<std::string_view>(0));
  const auto key = crypto::fingerprint_of(who);
  return {std::move(who),
          key,
          r.get<protocol::scopes>(2),
          r.get<unix_ms>(3),
          r.get<std::optional<unix_ms>>(4),
          r.get<std::optional<unix_ms>>(5)};
}

std::optional<enrolled_patient> patients::find(const std::string& id) {
  return find_.bind(id).first([this](const store::row& r) { return read(r); });
}

std::vector<enrolled_patient> patients::all() {
  std::vector<enrolled_patient> out;
  all_.each([&](const store::row& r) { out.push_back(read(r)); });
  return out;
}

std::vector<std::string> patients::ids() {
  std::vector<std::string> out;
  ids_.each([&](const store::row& r) { out.push_back(r.get<std::string>(0)); });
  return out;
}

std::size_t patients::count() {
  return count_.first([](const store::row& r) { return r.get<std::size_t>(0); }).value();
}

void patients::enrol(const crypto::identity& who, protocol::scopes scopes, unix_ms now) {
  store::transaction whole(db_);
  const auto before = find(who.id);
  if (before && before->who == who) {
    change_scopes_.bind(scopes, who.id).run();
  } else {
    if (before) {
      revoke_key(before->key, who.id, now);
      drop_token_.bind(who.id).run();
    }
    keep_.bind(who.id, crypto::encode(who), scopes, column::clamped(now)).run();
  }
  whole.commit();
}

std::optional<std::vector<protocol::message_id>> patients::revoke(const std::string& id,
                                                                  unix_ms now) {
  store::transaction whole(db_);
  const auto before = find(id);
  if (!before) return std::nullopt;
  std::vector<protocol::message_id> given_up;
  revoke_key(before->key, id, now);
  remove_.bind(id).run();
  drop_invite_.bind(id).run();
  give_up_deliveries_.bind(id).each(
      [&](const store::row& r) { given_up.push_back(r.get<protocol::message_id>(0)); });
  whole.commit();
  return given_up;
}

void patients::revoke_key(const crypto::fingerprint& key, const std::string& id, unix_ms now) {
  revoke_key_.bind(key, id, column::clamped(now)).run();
}

bool patients::is_revoked(const crypto::fingerprint& key) {
  return is_revoked_.bind(key).first([](const store::row&) { return true; }).has_value();
}

void patients::arrived(const std::string& id, unix_ms now) {
  arrived_.bind(column::clamped(now), id).run();
}

void patients::left(const std::string& id, unix_ms now) {
  left_.bind(column::clamped(now), id).run();
}

}  // namespace wardline::doctor
