#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/crypto/identity.hpp"
#include "common/util/clock.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/message/scopes.hpp"

namespace wardline::protocol {

struct open_invite {
  invite_secret secret;
  unix_ms expires;
};

/// What the doctor keeps of a resumption token (section 7).
struct kept_token {
  crypto::identity patient;
  resumption_secret secret;
  protocol::scopes scopes;
  unix_ms expires;
  unix_ms chain_began;  ///< when the full handshake that began this chain of resumptions was
};

/// What the doctor's machine asks of the world, at the moments that the specification names. One
/// connection's view: "here" is its source address. Called on the thread that drives the machine.
class doctor_directory {
 public:
  virtual ~doctor_directory() = default;

  /// Section 10, asked once for a full handshake, before any exponentiation: errc::ok or
  /// errc::busy.
  virtual errc admit_full_handshake() = 0;

  virtual std::optional<crypto::identity> find_enrolled(const std::string& id) = 0;
  /// The unspent invites for this id, expired ones included (the machine looks).
  virtual std::vector<open_invite> find_invites(const std::string& id) = 0;

  virtual bool is_revoked(const crypto::fingerprint& key) = 0;
  /// Blocked by the operator, or at this source address.
  virtual bool is_blocked_here(const crypto::fingerprint& key) = 0;
  /// Blocked by the operator: "a block by address never stops a resumption".
  virtual bool is_blocked(const crypto::fingerprint& key) = 0;

  /// Nothing if no such token is kept.
  virtual std::optional<kept_token> find_token(byte_view token) = 0;
  /// Deletes it, on disk, before returning; false if it was gone already.
  virtual bool spend_token(byte_view token) = 0;
};

}  // namespace wardline::protocol
