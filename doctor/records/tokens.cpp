#include "doctor/records/tokens.hpp"

#include "common/crypto/aead.hpp"
#include "common/crypto/labels.hpp"
#include "doctor/records/columns.hpp"

namespace wardline::doctor {
namespace {

crypto::aes256_gcm cipher_of(byte_view token, std::string_view patient_id,
                             const secret<32>& store_key) {
  const auto prk = crypto::extract(token, {store_key.view()});
  return crypto::aes256_gcm(
      crypto::expand<32>(prk.view(), crypto::label::store_resumption, {as_bytes(patient_id)}));
}

// The key is the token's own and seals one value.
constexpr crypto::aes256_gcm::nonce only_nonce{};

}  // namespace

tokens::tokens(store::database& db, const secret<32>& store_key)
    : db_(db),
      store_key_(store_key.clone()),
      keep_(db.prepare("INSERT INTO tokens(patient, hash, secret, scopes, expires, chain_began)"
                       " VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(patient) DO UPDATE SET"
                       " hash = excluded.hash, secret = excluded.secret, scopes = excluded.scopes,"
                       " expires = excluded.expires, chain_began = excluded.chain_began")),
      find_(db.prepare("SELECT t.patient, p.identity, t.secret, t.scopes & p.scopes, t.expires,"
                       " t.chain_began FROM tokens t JOIN patients p ON p.id = t.patient"
                       " WHERE t.hash = ?")),
      spend_(db.prepare("DELETE FROM tokens WHERE hash = ?")),
      drop_(db.prepare("DELETE FROM tokens WHERE patient = ?")),
      forget_expired_(db.prepare("DELETE FROM tokens WHERE expires <= ?")) {}

void tokens::keep(const std::string& patient_id, byte_view token,
                  const protocol::resumption_secret& rs, protocol::scopes scopes, unix_ms expires,
                  unix_ms chain_began) {
  bytes sealed;
  cipher_of(token, patient_id, store_key_).seal(only_nonce, {}, rs.view(), sealed);
  keep_
      .bind(patient_id, crypto::sha256({token}), sealed, scopes, column::of_deadline(expires),
            column::clamped(chain_began))
      .run();
}

std::optional<protocol::kept_token> tokens::find(byte_view token) {
  return find_.bind(crypto::sha256({token})).first([&](const store::row& r) {
    const auto patient_id = r.get<std::string>(0);
    const auto rs =
        cipher_of(token, patient_id, store_key_).open(only_nonce, {}, r.get<byte_view>(2));
    constexpr auto size = protocol::resumption_secret::size;
    if (!rs || rs->size() != size) {
      column::refuse(db_, "the resumption secret of " + patient_id + " does not open");
    }
    // Section 7: "Scopes are those of the token and of the patient's present rights, whichever is
    // less."
    return protocol::kept_token{column::identity(db_, r, 1, patient_id),
                                protocol::resumption_secret(rs->view().first<size>()),
                                r.get<protocol::scopes>(3), column::deadline(r, 4),
                                r.get<unix_ms>(5)};
  });
}

bool tokens::spend(byte_view token) {
  spend_.bind(crypto::sha256({token})).run();
  return db_.changes() > 0;
}

void tokens::drop(const std::string& patient_id) { drop_.bind(patient_id).run(); }

void tokens::forget_expired(unix_ms now) { forget_expired_.bind(column::clamped(now)).run(); }

}  // namespace wardline::doctor
