#pragma once

#include "common/util/clock.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// Section 6: u64 ts_v | opaque skv[32]
struct verifier {
  unix_ms ts_v;
  verifier_mac skv;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.u64(m.ts_v);
    c.fixed(m.skv);
  }
};

}  // namespace wardline::protocol
