#pragma once

#include "common/crypto/aead.hpp"
#include "common/crypto/kdf.hpp"
#include "common/util/clock.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/message/receipt.hpp"

/// What follows from a session key SK, each derivation once.
namespace wardline::protocol {

/// Section 8: what protects one direction.
struct direction_keys {
  secret<32> key;
  crypto::aes256_gcm::nonce iv;
};

/// key = Expand(SK, "p2d key", 32), iv = Expand(SK, "p2d iv", 12); likewise "d2p".
direction_keys derive_p2d_keys(const session_key& sk);
direction_keys derive_d2p_keys(const session_key& sk);

/// After 2^20 frames: key' = Expand(key, "rekey", 32), iv' = Expand(key, "rekey iv", 12).
direction_keys next_direction_keys(const direction_keys& keys);

/// Section 6: skv = HMAC(Expand(SK, "verifier", 32), th4 || ts_v).
verifier_mac compute_verifier(const session_key& sk, const crypto::digest& th4, unix_ms ts_v);

/// Section 7: RS = Expand(SK, "resumption" || token_nonce, 32).
resumption_secret derive_resumption_secret(const session_key& sk, const token_nonce& nonce);

/// Section 9: c_i = Expand(SK_i, "group contribution", 32).
secret<32> derive_group_contribution(const session_key& sk);

/// Section 9: Expand(SK, "receipt", 32).
using receipt_key = secret<32>;
receipt_key derive_receipt_key(const session_key& sk);

/// Section 9: proof = HMAC(receipt key, opened_at || state || Content), over the encoded content.
receipt make_receipt(const receipt_key& key, const message_id& id, unix_ms opened_at,
                     receipt_state state, byte_view encoded_content);

/// errc::wrong_proof if the receipt does not fit the content that was sent, its message_id
/// included.
result<void> check_receipt(const receipt_key& key, const receipt& r, byte_view encoded_content);

}  // namespace wardline::protocol
