#pragma once

#include "common/util/secret.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// Section 9: u32 generation | u32 ratchet | u64 next_seq | opaque gk[32], where gk is GK_ratchet.
struct group_key {
  std::uint32_t generation;
  std::uint32_t ratchet;
  std::uint64_t next_seq;
  secret<32> gk;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.u32(m.generation);
    c.u32(m.ratchet);
    c.u64(m.next_seq);
    c.fixed(m.gk);
  }
};

}  // namespace wardline::protocol
