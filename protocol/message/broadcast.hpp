#pragma once

#include "protocol/constants.hpp"
#include "protocol/message/content.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// Where a broadcast stands in the doctor's group: u32 generation | u32 ratchet | u64 seq.
struct broadcast_position {
  std::uint32_t generation;
  std::uint32_t ratchet;
  std::uint64_t seq;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    c.u32(m.generation);
    c.u32(m.ratchet);
    c.u64(m.seq);
  }
  friend bool operator==(const broadcast_position&, const broadcast_position&) = default;
};

/// A broadcast without its sealing, as it is kept and redelivered (section 9): the position,
/// `Content || opaque signature<1100>`. The content stays encoded: it is what was signed.
struct signed_broadcast {
  broadcast_position position;
  protocol::content content;
  bytes encoded_content;
  bytes signature;
};

/// The body of a Content of type redelivered_broadcast.
bytes encode_redelivery(const signed_broadcast& b);

/// invalid_encoding, also for a type other than 1, 3, 4, 6 and 7 and a body over
/// max_broadcast_body. The signature is not verified here: one of a wrong length, even none,
/// decodes.
result<signed_broadcast> read_redelivery(byte_view body);

/// `Content || opaque signature<1100>`, what the group key seals. Errors as above.
result<signed_broadcast> read_signed_content(const broadcast_position& position, byte_view data);

}  // namespace wardline::protocol
