#pragma once

#include <nlohmann/json.hpp>

#include "common/crypto/identity.hpp"
#include "tests/support/vectors.hpp"

namespace wardline::test {

template <class Fixed>
Fixed fixed_from(const nlohmann::json& text) {
  return Fixed::from(hex(text)).value();
}

template <std::size_t N>
secret<N> secret_from(const nlohmann::json& text) {
  const auto data = hex(text);
  return secret<N>(std::span<const byte, N>(data));
}

/// An identity of the section "identities" with its secrets.
inline crypto::own_identity own_identity_of(const group_vectors& group, const std::string& who) {
  const auto& known = group["identities"].at(who);
  return {secret_from<32>(known.at("seed")), static_cast<crypto::role>(known.at("role").get<int>()),
          group.id, known.at("id").get<std::string>()};
}

inline crypto::identity identity_from(const nlohmann::json& text) {
  return crypto::decode_identity(hex(text)).value();
}

/// The bytes that `make_ephemeral` must draw to make the scalar `text`: its short big-endian form
/// in groups 1 to 3, 48 big-endian bytes below q in group 4.
inline bytes draw_of(const group_vectors& group, const nlohmann::json& text) {
  auto scalar = hex(text);
  if (group.id == crypto::group_id::ristretto255) {
    bytes drawn(16, 0);
    drawn.insert(drawn.end(), scalar.rbegin(), scalar.rend());
    return drawn;
  }
  const auto size = crypto::suite_of(group.id).short_exponent_size();
  return {scalar.end() - static_cast<std::ptrdiff_t>(size), scalar.end()};
}

}  // namespace wardline::test
