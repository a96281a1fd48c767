#pragma once

#include "common/crypto/identity.hpp"
#include "common/util/clock.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// The body of `identity` (section 6): Identity || u64 time || opaque signature<1100>, the
/// signature with ctx "self" over Identity || time.
struct announcement {
  crypto::identity doctor;
  unix_ms time;
  bytes signature;
};

/// Signs who we are, now. The whole frame.
bytes make_announcement(const crypto::own_identity& self, unix_ms now,
                        crypto::random_source& random);

/// invalid_encoding; invalid_element (keys, subgroup included: it is about to be pinned);
/// authentication_failed if it is no doctor's; invalid_signature.
result<announcement> read_announcement(byte_view body);

}  // namespace wardline::protocol
