#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/crypto/identity.hpp"
#include "common/store/database.hpp"
#include "common/util/clock.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/message/scopes.hpp"

namespace wardline::doctor {

struct enrolled_patient {
  crypto::identity who;
  crypto::fingerprint key;
  protocol::scopes scopes;
  unix_ms enrolled_at;
  std::optional<unix_ms> last_seen;  ///< beginning or end of the last session
  std::optional<unix_ms>
      away_since;  ///< end of the last session; none in one, or if it was not seen
};

/// The enrolled identities and the revoked keys.
class patients {
 public:
  explicit patients(store::database& db);

  std::optional<enrolled_patient> find(const std::string& id);
  std::vector<enrolled_patient> all();  ///< by id
  std::vector<std::string> ids();       ///< of all, and nothing else of them
  std::size_t count();

  /// Enrols `who`. An id that is enrolled with other keys is replaced: its old key is revoked, its
  /// resumption token dropped (the operator has confirmed it); what it has yet to decrypt is for
  /// the new key. With the same keys only the scopes change.
  void enrol(const crypto::identity& who, protocol::scopes scopes, unix_ms now);

  /// Removes the patient, revokes the key, drops its token and an open invite for its id, marks
  /// what it has yet to receive as unreachable: those messages are returned. Nothing if no such
  /// patient is enrolled.
  std::optional<std::vector<protocol::message_id>> revoke(const std::string& id, unix_ms now);

  bool is_revoked(const crypto::fingerprint& key);
  void arrived(const std::string& id, unix_ms now);
  void left(const std::string& id, unix_ms now);

 private:
  enrolled_patient read(const store::row& r) const;
  void revoke_key(const crypto::fingerprint& key, const std::string& id, unix_ms now);

  store::database& db_;
  store::statement find_, all_, ids_, count_, keep_, change_scopes_, remove_, arrived_, left_;
  store::statement revoke_key_, is_revoked_, drop_token_, drop_invite_, give_up_deliveries_;
};

}  // namespace wardline::doctor
