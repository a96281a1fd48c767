#pragma once

#include <string_view>

/// Every key-derivation and signature label of the protocol, in full, each written once.
namespace wardline::crypto::label {

using namespace std::string_view_literals;

// Section 3: identity.
inline constexpr auto identity_seed = "wardline/1 identity seed"sv;
inline constexpr auto signature_key = "wardline/1 signature key"sv;
inline constexpr auto kem_key = "wardline/1 kem key"sv;
inline constexpr auto identity = "wardline/1 identity"sv;
inline constexpr auto display = "wardline/1 display"sv;

// Section 4: ElGamal signature.
inline constexpr auto elgamal_nonce = "wardline/1 elgamal nonce"sv;
inline constexpr auto elgamal_e = "wardline/1 elgamal e"sv;
inline constexpr auto elgamal_h = "wardline/1 elgamal h"sv;
inline constexpr auto elgamal_h_wide = "wardline/1 elgamal h wide"sv;

// Section 6: full handshake. The first three are signature contexts.
inline constexpr auto self = "wardline/1 self"sv;
inline constexpr auto patient_auth = "wardline/1 patient auth"sv;
inline constexpr auto doctor_auth = "wardline/1 doctor auth"sv;
inline constexpr auto handshake = "wardline/1 handshake"sv;
inline constexpr auto request_key = "wardline/1 request key"sv;
inline constexpr auto response_key = "wardline/1 response key"sv;
inline constexpr auto session_key = "wardline/1 session key"sv;
inline constexpr auto verifier = "wardline/1 verifier"sv;
inline constexpr auto invite = "wardline/1 invite"sv;
inline constexpr auto waiting = "wardline/1 waiting"sv;

// Section 7: resumption.
inline constexpr auto resumption = "wardline/1 resumption"sv;
inline constexpr auto resume = "wardline/1 resume"sv;
inline constexpr auto binder = "wardline/1 binder"sv;
inline constexpr auto resume_response = "wardline/1 resume response"sv;

// Section 8: session.
inline constexpr auto p2d_key = "wardline/1 p2d key"sv;
inline constexpr auto p2d_iv = "wardline/1 p2d iv"sv;
inline constexpr auto d2p_key = "wardline/1 d2p key"sv;
inline constexpr auto d2p_iv = "wardline/1 d2p iv"sv;
inline constexpr auto rekey = "wardline/1 rekey"sv;
inline constexpr auto rekey_iv = "wardline/1 rekey iv"sv;

// Section 9: group key, broadcast, receipt. `broadcast` is a signature context.
inline constexpr auto group_secret = "wardline/1 group secret"sv;
inline constexpr auto group_contribution = "wardline/1 group contribution"sv;
inline constexpr auto group_ratchet = "wardline/1 group ratchet"sv;
inline constexpr auto group_key = "wardline/1 group key"sv;
inline constexpr auto group_iv = "wardline/1 group iv"sv;
inline constexpr auto broadcast = "wardline/1 broadcast"sv;
inline constexpr auto receipt = "wardline/1 receipt"sv;

// Not of the wire: what blinds the inversion of a signature's nonce.
inline constexpr auto elgamal_blinding = "wardline/1 elgamal blinding"sv;

// Not of the wire: how this program seals its own records at rest.
inline constexpr auto store_column = "wardline/1 store column"sv;
inline constexpr auto store_resumption = "wardline/1 store resumption"sv;

// Not of the wire: the audit log's chain of hashes, and the context of its signed checkpoints.
inline constexpr auto audit_record = "wardline/1 audit record"sv;
inline constexpr auto audit_checkpoint = "wardline/1 audit checkpoint"sv;

}  // namespace wardline::crypto::label
