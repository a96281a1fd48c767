#pragma once

#include "common/util/clock.hpp"
#include "protocol/constants.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/message/scopes.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// Section 7: opaque token<512> | opaque token_nonce[16] | u64 expires | u32 scopes |
/// u16 heartbeat_s
struct session_token {
  bytes token;
  protocol::token_nonce token_nonce;
  unix_ms expires;
  protocol::scopes scopes;
  std::uint16_t heartbeat_s;  ///< seconds

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.template opaque<max_token>(m.token);
    c.fixed(m.token_nonce);
    c.u64(m.expires);
    c.u32(m.scopes);
    c.u16(m.heartbeat_s);
  }
};

}  // namespace wardline::protocol
