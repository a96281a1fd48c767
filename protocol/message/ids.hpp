#pragma once

#include "common/util/fixed_bytes.hpp"
#include "common/util/secret.hpp"

/// Values of the protocol that are nothing but bytes, each a type of its own.
namespace wardline::protocol {

using message_id = fixed_bytes<struct message_id_tag, 16>;  ///< random, unique
using handshake_nonce = fixed_bytes<struct nonce_tag, 32>;  ///< rn_p, rn_d
using token_nonce = fixed_bytes<struct token_nonce_tag, 16>;
using verifier_mac = fixed_bytes<struct verifier_mac_tag, 32>;  ///< skv
using binder_mac = fixed_bytes<struct binder_mac_tag, 32>;
using resume_mac = fixed_bytes<struct resume_mac_tag, 32>;
using receipt_proof = fixed_bytes<struct receipt_proof_tag, 32>;

using session_key = secret<32>;        ///< SK
using resumption_secret = secret<32>;  ///< RS
using invite_secret = secret<16>;

}  // namespace wardline::protocol
