#pragma once

#include "common/crypto/identity.hpp"
#include "common/util/clock.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// Section 6: u8 group | opaque doctor_fp[8] | u64 ts_p | opaque rn_p[32] | enc(E) |
/// opaque sealed1<4096>
struct auth_request {
  byte group;
  crypto::short_fingerprint doctor;
  unix_ms ts_p;
  handshake_nonce rn_p;
  bytes e;  ///< enc(E): not decoded yet
  bytes sealed1;

  /// The bytes of the body before sealed1's length prefix, as th1 wants them.
  static std::size_t fields_size(std::size_t element_size) noexcept {
    return 1 + 8 + 8 + 32 + element_size;
  }
};

/// wrong_doctor if group or doctor_fp is not ours, looked at before the rest is decoded (the length
/// of E follows from the group); invalid_encoding.
result<auth_request> read_auth_request(byte_view body, const crypto::suite& group,
                                       const crypto::short_fingerprint& own);

/// plain1: Identity_P | opaque invite_proof<32> | opaque signature<1100>
struct auth_request_secret {
  crypto::identity patient;
  bytes invite_proof;  ///< empty, or 32 bytes
  bytes signature;
  std::size_t signed_size;  ///< bytes of plain1 before the signature's length prefix
};

/// invalid_encoding, invalid_element.
result<auth_request_secret> read_auth_request_secret(byte_view plain1);

}  // namespace wardline::protocol
