#pragma once

#include "common/crypto/limbs.hpp"
#include "common/util/bytes.hpp"

namespace wardline::crypto::edwards25519 {

struct factor {
  byte_view base;                  ///< an element of ristretto255, as encoded (RFC 9496)
  std::span<const limb> exponent;  ///< below 2^127
  bool inverted;                   ///< one divided by that power
};

/// g^c · a · b = 1 in ristretto255, for a c below 2^254; false if a base does not decode, or is the
/// identity. It is what verifying a signature takes, and libsodium, whose products are
/// constant-time and made one by one, has no function for it. For public values alone: the time
/// depends on all.
///
/// One pass for all (Straus, Amer. Math. Monthly 71, 1964), with signed windows of odd multiples,
/// and as many doublings as half of c has bits: its upper half is an exponent of g^(2^127).
bool product_is_one(std::span<const limb> c, const factor& a, const factor& b);

}  // namespace wardline::crypto::edwards25519
