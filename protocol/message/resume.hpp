#pragma once

#include "common/util/clock.hpp"
#include "protocol/constants.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// Section 7: opaque token<512> | u64 ts_p | opaque rn_p[32] | opaque binder[32]
struct resume_request {
  bytes token;
  unix_ms ts_p;
  handshake_nonce rn_p;
  binder_mac binder;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.template opaque<max_token>(m.token);
    c.u64(m.ts_p);
    c.fixed(m.rn_p);
    c.fixed(m.binder);
  }
};

/// Section 7: u64 ts_d | opaque rn_d[32] | opaque mac[32]
struct resume_response {
  unix_ms ts_d;
  handshake_nonce rn_d;
  resume_mac mac;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.u64(m.ts_d);
    c.fixed(m.rn_d);
    c.fixed(m.mac);
  }
};

}  // namespace wardline::protocol
