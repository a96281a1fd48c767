#pragma once

#include <optional>
#include <string>

#include "common/crypto/kdf.hpp"
#include "common/store/database.hpp"
#include "protocol/handshake/doctor_directory.hpp"

namespace wardline::doctor {

/// The one resumption token of each enrolled patient (section 7): H(token), and RS sealed under
/// Expand(Extract(token, store key), "store resumption" || patient id), so that the row alone, even
/// with the store's key, opens only to who presents the token. A row is deleted securely when it is
/// spent.
class tokens {
 public:
  tokens(store::database& db, const secret<32>& store_key);

  /// Keeps a new token; it replaces the patient's old one.
  void keep(const std::string& patient_id, byte_view token, const protocol::resumption_secret& rs,
            protocol::scopes scopes, unix_ms expires, unix_ms chain_began);

  /// Nothing for an unknown token or a patient who is no longer enrolled. The scopes are those of
  /// the token and of the patient's present rights, whichever is less. Expired ones are returned.
  std::optional<protocol::kept_token> find(byte_view token);

  /// Deletes it, on disk, before returning; false if it was gone.
  bool spend(byte_view token);
  void drop(const std::string& patient_id);
  void forget_expired(unix_ms now);

 private:
  store::database& db_;
  secret<32> store_key_;
  store::statement keep_, find_, spend_, drop_, forget_expired_;
};

}  // namespace wardline::doctor
