#include "doctor/records/invites.hpp"

#include "common/crypto/constant_time.hpp"
#include "doctor/records/columns.hpp"

namespace wardline::doctor {

invites::invites(store::database& db, const secret<32>& store_key, crypto::random_source& random)
    : db_(db),
      secret_(store_key, "invites", "secret", random),
      create_(db.prepare("INSERT INTO invites(patient, secret, created, expires)"
                         " VALUES(?, ?, ?, ?) ON CONFLICT(patient) DO UPDATE SET"
                         " secret = excluded.secret, created = excluded.created,"
                         " expires = excluded.expires")),
      find_(db.prepare("SELECT secret, expires FROM invites WHERE patient = ?")),
      all_(db.prepare("SELECT patient, created, expires FROM invites ORDER BY patient")),
      withdraw_(db.prepare("DELETE FROM invites WHERE patient = ?")),
      forget_expired_(db.prepare("DELETE FROM invites WHERE expires <= ?")) {}

void invites::create(const std::string& patient_id, const protocol::invite_secret& secret,
                     unix_ms now, unix_ms expires) {
  create_
      .bind(patient_id, secret_.seal(as_bytes(patient_id), secret.view()), column::clamped(now),
            column::of_deadline(expires))
      .run();
}

std::optional<protocol::open_invite> invites::find(const std::string& patient_id) {
  return find_.bind(patient_id).first([&](const store::row& r) {
    const auto value = column::open(db_, secret_, as_bytes(patient_id), r.get<byte_view>(0),
                                    "the invite of " + patient_id);
    constexpr auto size = protocol::invite_secret::size;
    if (value.size() != size) column::refuse(db_, "the invite of " + patient_id + " has no secret");
    return protocol::open_invite{protocol::invite_secret(value.view().first<size>()),
                                 column::deadline(r, 1)};
  });
}

std::vector<invite_summary> invites::all() {
  std::vector<invite_summary> out;
  all_.each([&](const store::row& r) {
    out.push_back({r.get<std::string>(0), r.get<unix_ms>(1), column::deadline(r, 2)});
  });
  return out;
}

bool invites::spend(const std::string& patient_id, const protocol::invite_secret& secret) {
  store::transaction whole(db_);
  const auto kept = find(patient_id);
  if (!kept || !crypto::equal_in_constant_time(kept->secret.view(), secret.view())) return false;
  withdraw_.bind(patient_id).run();
  whole.commit();
  return true;
}

bool invites::withdraw(const std::string& patient_id) {
  withdraw_.bind(patient_id).run();
  return db_.changes() > 0;
}

void invites::forget_expired(unix_ms now) { forget_expired_.bind(column::clamped(now)).run(); }

}  // namespace wardline::doctor
