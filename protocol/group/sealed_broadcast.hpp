#pragma once

#include "common/crypto/identity.hpp"
#include "protocol/group/epoch.hpp"
#include "protocol/message/broadcast.hpp"
#include "protocol/wire/frame.hpp"

/// Section 9: what a broadcast is on the wire, and its signature. Both ends.
///
///     body       = u32 generation | u32 ratchet | u64 seq | ciphertext
///     ciphertext = AEAD(gkey, giv XOR seq, aad = header || doctor_fp || generation || ratchet ||
///                       seq, Content || opaque signature<1100>)
///     signature  = sign(x_sig_D, "broadcast", doctor_fp || generation || ratchet || seq ||
///     Content)
namespace wardline::protocol {

/// All that sealing one broadcast needs, copied out so that a crypto worker can do it while the
/// group goes on.
struct broadcast_slot {
  broadcast_position position;
  broadcast_keys keys;
};

/// The broadcast frame and the signature inside it (kept for redelivery).
struct sealed_broadcast {
  bytes frame;
  bytes signature;
};

/// Runs on a crypto worker.
sealed_broadcast seal_broadcast(const crypto::own_identity& doctor, const broadcast_slot& slot,
                                byte_view encoded_content, crypto::random_source& random);

/// errc::invalid_encoding for a body that is shorter than its position.
result<broadcast_position> read_broadcast_position(const frame& f);

/// Opens the ciphertext; the position must be the frame's. invalid_tag, invalid_encoding. The
/// signature is not verified.
result<signed_broadcast> open_broadcast(const frame& f, const crypto::short_fingerprint& doctor,
                                        const broadcast_slot& slot);

/// errc::invalid_signature unless the doctor signed this content at this position.
result<void> verify_broadcast(const crypto::identity& doctor, const signed_broadcast& b);

}  // namespace wardline::protocol
