#pragma once

#include <initializer_list>

#include "common/util/fixed_bytes.hpp"

namespace wardline::crypto {

/// A SHA-256 value (FIPS 180-4).
using digest = fixed_bytes<struct digest_tag, 32>;

/// SHA-256 over the concatenation of `parts`.
digest sha256(std::initializer_list<byte_view> parts);

}  // namespace wardline::crypto
