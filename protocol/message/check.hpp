#pragma once

#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// Section 8: u8 is_reply | u64 sequence | u32 generation | u32 ratchet | u64 next_seq, the last
/// three the doctor's group state, zeros from a patient.
struct check {
  bool is_reply;
  std::uint64_t sequence;
  std::uint32_t generation;
  std::uint32_t ratchet;
  std::uint64_t next_seq;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.flag(m.is_reply);
    c.u64(m.sequence);
    c.u32(m.generation);
    c.u32(m.ratchet);
    c.u64(m.next_seq);
  }
};

}  // namespace wardline::protocol
