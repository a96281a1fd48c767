#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/crypto/sealed_column.hpp"
#include "common/store/database.hpp"
#include "protocol/handshake/doctor_directory.hpp"

namespace wardline::doctor {

/// What a list of invites shows; the secret stays sealed.
struct invite_summary {
  std::string patient_id;
  unix_ms created;
  unix_ms expires;
};

/// The open invites, one for each patient id: a new one replaces the old. "The doctor keeps the
/// secret sealed at rest until it is used or has expired; it works once."
class invites {
 public:
  invites(store::database& db, const secret<32>& store_key, crypto::random_source& random);

  void create(const std::string& patient_id, const protocol::invite_secret& secret, unix_ms now,
              unix_ms expires);
  std::optional<protocol::open_invite> find(const std::string& patient_id);
  std::vector<invite_summary> all();  ///< by patient id

  /// Deletes it; false if it is not there (any more) or its secret is another one.
  bool spend(const std::string& patient_id, const protocol::invite_secret& secret);
  bool withdraw(const std::string& patient_id);
  void forget_expired(unix_ms now);

 private:
  store::database& db_;
  crypto::sealed_column secret_;
  store::statement create_, find_, all_, withdraw_, forget_expired_;
};

}  // namespace wardline::doctor
