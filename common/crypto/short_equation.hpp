#pragma once

#include <vector>

#include "common/crypto/scalar_field.hpp"

namespace wardline::crypto {

/// R = g^u · y^v, in the form g^c · y^a = R^b with an a and a b of half the bits of q, so that
/// whoever computes all powers at once needs half as many squarings (Antipa, Brown, Gallant,
/// Lambert, Struik and Vanstone, "Accelerated Verification of ECDSA Signatures", SAC 2005). All of
/// it is public, and nothing here constant-time.
///
/// Both say the same of every y and R of order q: a = v·b and c = u·b modulo q, so that the second
/// is the first raised to the b-th power; and since q is prime and 0 < |b| < q, there is a power
/// that undoes it.
struct short_equation {
  std::vector<limb> c;  ///< below q
  std::vector<limb> a;  ///< below 2^half, with half = (bits of q, rounded up to even) / 2
  std::vector<limb> b;  ///< |b|: over 0, below 2^half
  bool b_is_negative;
};

short_equation shorten(const solved_equation& equation, const scalar_field& field);

}  // namespace wardline::crypto
