#pragma once

#include <string>

#include "common/crypto/identity.hpp"
#include "protocol/message/amendment.hpp"
#include "protocol/message/content.hpp"

namespace wardline::test {

/// The identity of a doctor whose seed is all `seed`, in the group that is the quickest.
inline crypto::own_identity make_doctor(byte seed, const std::string& id = "dr-lee") {
  byte_array<32> bytes_of_seed;
  bytes_of_seed.fill(seed);
  return {crypto::identity_seed(bytes_of_seed), crypto::role::doctor,
          crypto::group_id::ristretto255, id};
}

inline protocol::message_id make_id(byte first) {
  protocol::message_id id;
  id.value[0] = first;
  return id;
}

inline protocol::content make_text(byte id, std::string_view text, unix_ms created = 1'000,
                                   unix_ms expires = 0) {
  return {make_id(id),
          created,
          expires,
          protocol::content_type::text,
          protocol::priority::routine,
          to_bytes(as_bytes(text))};
}

/// A correction of the message `about`, or its cancellation.
inline protocol::content make_amendment(byte id, protocol::content_type type, byte about,
                                        std::string_view text, unix_ms created = 2'000) {
  auto out = make_text(id, {}, created);
  out.type = type;
  out.body = protocol::amendment_body(make_id(about), text);
  return out;
}

}  // namespace wardline::test
