#pragma once

#include <initializer_list>
#include <span>

#include "common/util/fixed_bytes.hpp"

namespace wardline::crypto {

/// A SHA-256 value (FIPS 180-4).
using digest = fixed_bytes<struct digest_tag, 32>;

/// SHA-256 over the concatenation of `parts`.
digest sha256(std::span<const byte_view> parts);

inline digest sha256(std::initializer_list<byte_view> parts) {
  return sha256(std::span(parts.begin(), parts.size()));
}

}  // namespace wardline::crypto
