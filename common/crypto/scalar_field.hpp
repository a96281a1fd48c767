#pragma once

#include <optional>

#include "common/crypto/limbs.hpp"

namespace wardline::crypto {

/// An integer modulo a group's order q, held in as many limbs as q has. Move-only and wiped, for
/// most of them are secret.
struct scalar {
  secret_limbs value;
};

/// The memory of its limbs.
inline byte_view memory_of(const scalar& x) noexcept {
  const auto limbs = x.value.view();
  return {reinterpret_cast<const byte*>(limbs.data()), limbs.size_bytes()};
}

/// u and v in R = g^u · y^v, which is what g^h = y^e · R^s says of an R in the group.
struct solved_equation {
  scalar u;
  scalar v;
};

enum class byte_order { big_endian, little_endian };

/// The integers modulo the prime order q of a group, as the signature needs them. Everything is
/// constant-time in its operands (GMP's mpn_sec_* functions on fixed sizes; the inversion is
/// blinded), but for the functions that say otherwise.
class scalar_field {
 public:
  /// `order` is big-endian; `encoding` is how enc_q writes a scalar (section 2).
  scalar_field(byte_view order, byte_order encoding);

  /// |q|, in bytes.
  std::size_t size() const noexcept { return size_; }

  /// What is reduced to a nearly uniform scalar, in bytes: |q| + 16.
  std::size_t wide_size() const noexcept { return size_ + 16; }

  /// q, big-endian, |q| bytes.
  bytes order() const;

  /// OS2I(integer) mod q, for at most wide_size() bytes (big-endian in every group).
  scalar reduce(byte_view integer) const;

  /// 1 + (OS2I(integer) mod (q-1)), likewise: never 0.
  scalar reduce_to_nonzero(byte_view integer) const;

  /// OS2I(integer) mod q, with 0 replaced by 1, likewise.
  scalar reduce_or_one(byte_view integer) const;

  /// (h - x·e) · k^-1 mod q. The inversion is not constant-time, so k·t is inverted and the
  /// result multiplied by t: `t`, like `k`, must be secret, uniform and not 0. It has no influence
  /// on the result.
  scalar respond(const scalar& h, const scalar& x, const scalar& e, const scalar& k,
                 const scalar& t) const;

  /// u = h/s and v = -e/s, for an s other than 0. Raising both sides to the power 1/s, which exists
  /// because q is prime, loses and adds nothing. Not constant-time: for public values.
  solved_equation solve(const scalar& h, const scalar& e, const scalar& s) const;

  /// enc_q(x), |q| bytes.
  secret_bytes encode(const scalar& x) const;

  /// What encode() made.
  scalar decode(byte_view encoded) const;

  /// A scalar that somebody sent: nothing unless it has |q| bytes and 0 < s < q. Not
  /// constant-time: for public values.
  std::optional<scalar> decode_public(byte_view encoded) const;

 private:
  std::size_t limbs() const noexcept { return order_.size(); }
  scalar remainder(secret_limbs dividend, const std::vector<limb>& modulus) const;
  secret_limbs read_wide(byte_view integer) const;
  scalar multiply(const scalar& a, const scalar& b) const;
  scalar invert(const scalar& a) const;

  std::size_t size_;
  byte_order encoding_;
  std::vector<limb> order_;           // q
  std::vector<limb> order_less_one_;  // q - 1
};

}  // namespace wardline::crypto
