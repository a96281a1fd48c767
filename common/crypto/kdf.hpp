#pragma once

#include <initializer_list>
#include <string_view>

#include "common/crypto/sha256.hpp"
#include "common/util/secret.hpp"

namespace wardline::crypto {

/// A pseudorandom key: what HKDF-Extract yields and HKDF-Expand takes.
using pseudorandom_key = secret<32>;

/// HMAC-SHA-256 (RFC 2104) over the concatenation of `parts`. Compare a received one by
/// `equal_in_constant_time`.
digest hmac_sha256(byte_view key, std::initializer_list<byte_view> parts);

/// HKDF-Extract (RFC 5869, section 2.2) over the concatenation of `ikm`.
pseudorandom_key extract(byte_view salt, std::initializer_list<byte_view> ikm);

/// HKDF-Expand (RFC 5869, section 2.3) into all of `out` (at most 8,160 bytes); info is the label
/// followed by the context.
void expand(byte_view prk, std::string_view label, std::initializer_list<byte_view> context,
            byte_span out);

/// The same, as `N` secret bytes.
template <std::size_t N>
secret<N> expand(byte_view prk, std::string_view label,
                 std::initializer_list<byte_view> context = {}) {
  secret<N> out;
  expand(prk, label, context, out.writable());
  return out;
}

}  // namespace wardline::crypto
