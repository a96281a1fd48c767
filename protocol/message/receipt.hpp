#pragma once

#include "common/util/clock.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

enum class receipt_state : byte { decrypted = 1, acknowledged = 2 };

/// DEC_MSG, section 9: opaque message_id[16] | u64 opened_at | u8 state | opaque proof[32]
struct receipt {
  protocol::message_id message_id;
  unix_ms opened_at;
  receipt_state state;
  receipt_proof proof;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.fixed(m.message_id);
    c.u64(m.opened_at);
    c.choice(m.state, receipt_state::decrypted, receipt_state::acknowledged);
    c.fixed(m.proof);
  }
};

}  // namespace wardline::protocol
