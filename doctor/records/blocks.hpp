#pragma once

#include <string>
#include <vector>

#include "common/crypto/identity.hpp"
#include "common/store/database.hpp"
#include "common/util/clock.hpp"

namespace wardline::doctor {

struct block {
  crypto::fingerprint key;
  std::string id;       ///< the id that the key went by, for people
  std::string address;  ///< empty: the operator's block, wherever the key comes from
  unix_ms until;        ///< UINT64_MAX (kept as such): until the operator lifts it
};

/// Who may not sign in, and from where: the operator's blocks of a key, and section 6's blocks of a
/// key at a source address after the third wrong verifier within an hour.
class blocks {
 public:
  explicit blocks(store::database& db);

  void block_by_operator(const crypto::fingerprint& key, const std::string& id, unix_ms now);
  /// Lifts every block of the key, by address too. False if there was none.
  bool unblock(const crypto::fingerprint& key);

  bool is_blocked(const crypto::fingerprint& key);
  bool is_blocked_at(const crypto::fingerprint& key, const std::string& address, unix_ms now);

  /// Records a wrong verifier; true if it is the third within an hour for this key at this
  /// address, which blocks it there until `until`. Bounded: the oldest records give way.
  bool note_wrong_verifier(const crypto::fingerprint& key, const std::string& id,
                           const std::string& address, unix_ms now, unix_ms until);

  std::vector<block> all(unix_ms now);
  void forget_expired(unix_ms now);

 private:
  void keep(const crypto::fingerprint& key, const std::string& id, const std::string& address,
            unix_ms now, unix_ms until);

  store::database& db_;
  store::statement keep_, bound_, unblock_, is_blocked_, is_blocked_at_, all_, forget_expired_;
  store::statement bound_wrong_, note_wrong_, count_wrong_, clear_wrong_, forget_wrong_;
};

}  // namespace wardline::doctor
