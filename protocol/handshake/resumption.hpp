#pragma once

#include "common/crypto/identity.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/message/resume.hpp"
#include "protocol/message/scopes.hpp"
#include "protocol/wire/frame.hpp"

/// The formulas of section 7, for both ends.
namespace wardline::protocol {

/// thr1 = H("resume" || header || the fields before binder); binder = HMAC(Expand(RS, "binder"),
/// thr1)
crypto::digest resume_request_hash(byte_view header, byte_view fields);
binder_mac compute_binder(const resumption_secret& rs, const crypto::digest& thr1);

/// thr2 = H(thr1 || binder || header || the fields before mac);
/// mac = HMAC(Expand(RS, "resume response"), thr2)
crypto::digest resume_response_hash(const crypto::digest& thr1, const binder_mac& binder,
                                    byte_view header, byte_view fields);
resume_mac compute_resume_mac(const resumption_secret& rs, const crypto::digest& thr2);

/// SK = Expand(Extract(RS, rn_p || rn_d), "session key" || thr2, 32)
session_key derive_resumed_session_key(const resumption_secret& rs, const handshake_nonce& rn_p,
                                       const handshake_nonce& rn_d, const crypto::digest& thr2);

/// What a patient keeps to come back by. Used once: forgotten when it is spent.
struct resumption_ticket {
  bytes token;
  resumption_secret secret;
  unix_ms expires;
};

}  // namespace wardline::protocol
