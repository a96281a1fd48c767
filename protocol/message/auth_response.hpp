#pragma once

#include "common/crypto/suite.hpp"
#include "common/util/clock.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// Section 6: u64 ts_d | opaque rn_d[32] | enc(F) | opaque sealed2<2048>
struct auth_response {
  unix_ms ts_d;
  handshake_nonce rn_d;
  bytes f;  ///< enc(F): not decoded yet
  bytes sealed2;

  /// The bytes of the body before sealed2's length prefix, as th3 wants them.
  static std::size_t fields_size(std::size_t element_size) noexcept {
    return 8 + 32 + element_size;
  }
};

/// invalid_encoding.
result<auth_response> read_auth_response(byte_view body, const crypto::suite& group);

}  // namespace wardline::protocol
