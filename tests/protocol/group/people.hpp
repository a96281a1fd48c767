#pragma once

#include <string>

#include "common/crypto/identity.hpp"
#include "common/crypto/random.hpp"
#include "protocol/message/content.hpp"

/// Who is in the tests of the group.
namespace wardline::test {

inline crypto::own_identity person(crypto::role role, const std::string& id, byte seed,
                                   crypto::group_id group = crypto::group_id::ristretto255) {
  crypto::identity_seed s;
  s.writable()[0] = seed;
  return {s, role, group, id};
}

inline const crypto::own_identity& the_doctor() {
  static const auto doctor = person(crypto::role::doctor, "dr", 1);
  return doctor;
}

inline crypto::random_source& any_random() {
  static crypto::system_random random;
  return random;
}

/// An encoded broadcast Content.
inline bytes notice(const std::string& text,
                    protocol::content_type type = protocol::content_type::text) {
  return protocol::encode(protocol::content{any_random().make<protocol::message_id>(), 1, 0, type,
                                            protocol::priority::emergency,
                                            to_bytes(as_bytes(text))});
}

}  // namespace wardline::test
