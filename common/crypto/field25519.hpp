#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "common/util/bytes.hpp"

namespace wardline::crypto {

/// An integer modulo 2^255 - 19, in five limbs of 51 bits and a little. It is not made for secrets.
///
/// Products and differences have limbs below 2^51 + 2^13. Sums are left as they are: an operand may
/// be a sum of four of those.
class field25519 {
 public:
  constexpr field25519() = default;
  explicit constexpr field25519(std::uint64_t small) : limbs_{small} {}

  /// 32 bytes, little-endian; nothing unless it is below 2^255 - 19.
  static std::optional<field25519> decode(byte_view encoded);
  byte_array<32> encode() const;

  bool is_zero() const;
  /// As RFC 9496 has it: its least significant bit is 1.
  bool is_negative() const { return (encode()[0] & 1U) != 0; }

  friend field25519 operator+(const field25519& a, const field25519& b);
  friend field25519 operator-(const field25519& a, const field25519& b);
  friend field25519 operator*(const field25519& a, const field25519& b);
  field25519 squared() const;
  /// Squared so many times.
  field25519 squared(int times) const;

 private:
  __extension__ using wide = unsigned __int128;
  static field25519 carried(std::array<wide, 5> t);

  std::array<std::uint64_t, 5> limbs_{};
};

inline field25519 field25519::carried(std::array<wide, 5> t) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << 51U) - 1;
  field25519 out;
  for (std::size_t i = 0; i < 5; ++i) {
    out.limbs_[i] = static_cast<std::uint64_t>(t[i]) & mask;
    const wide carry = t[i] >> 51U;
    if (i < 4) {
      t[i + 1] += carry;
    } else {
      // 2^255 = 19. Of operands below 2^54 the carry is below 2^60, so this fits.
      out.limbs_[0] += 19 * static_cast<std::uint64_t>(carry);
    }
  }
  out.limbs_[1] += out.limbs_[0] >> 51U;
  out.limbs_[0] &= mask;
  return out;
}

inline field25519 operator+(const field25519& a, const field25519& b) {
  field25519 out;
  for (std::size_t i = 0; i < 5; ++i) out.limbs_[i] = a.limbs_[i] + b.limbs_[i];
  return out;
}

// a + 8p - b, so that no limb is less than nothing.
inline field25519 operator-(const field25519& a, const field25519& b) {
  constexpr std::uint64_t mask = (std::uint64_t{1} << 51U) - 1;
  field25519 out;
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    carry += a.limbs_[i] + 8 * (i == 0 ? mask - 18 : mask) - b.limbs_[i];
    out.limbs_[i] = carry & mask;
    carry >>= 51U;
  }
  out.limbs_[0] += 19 * carry;
  return out;
}

inline field25519 operator*(const field25519& x, const field25519& y) {
  using wide = field25519::wide;
  const auto& a = x.limbs_;
  const auto& b = y.limbs_;
  const std::uint64_t b1 = 19 * b[1];
  const std::uint64_t b2 = 19 * b[2];
  const std::uint64_t b3 = 19 * b[3];
  const std::uint64_t b4 = 19 * b[4];
  const auto m = [](std::uint64_t u, std::uint64_t v) { return wide{u} * v; };
  return field25519::carried(
      {m(a[0], b[0]) + m(a[1], b4) + m(a[2], b3) + m(a[3], b2) + m(a[4], b1),
       m(a[0], b[1]) + m(a[1], b[0]) + m(a[2], b4) + m(a[3], b3) + m(a[4], b2),
       m(a[0], b[2]) + m(a[1], b[1]) + m(a[2], b[0]) + m(a[3], b4) + m(a[4], b3),
       m(a[0], b[3]) + m(a[1], b[2]) + m(a[2], b[1]) + m(a[3], b[0]) + m(a[4], b4),
       m(a[0], b[4]) + m(a[1], b[3]) + m(a[2], b[2]) + m(a[3], b[1]) + m(a[4], b[0])});
}

inline field25519 field25519::squared() const {
  const auto& a = limbs_;
  const std::uint64_t a0 = 2 * a[0];
  const std::uint64_t a1 = 2 * a[1];
  const std::uint64_t a2 = 2 * a[2];
  const std::uint64_t a3 = 19 * a[3];
  const std::uint64_t a4 = 19 * a[4];
  const auto m = [](std::uint64_t u, std::uint64_t v) { return wide{u} * v; };
  return carried({m(a[0], a[0]) + m(a1, a4) + m(a2, a3), m(a0, a[1]) + m(a2, a4) + m(a[3], a3),
                  m(a0, a[2]) + m(a[1], a[1]) + m(2 * a[3], a4),
                  m(a0, a[3]) + m(a1, a[2]) + m(a[4], a4),
                  m(a0, a[4]) + m(a1, a[3]) + m(a[2], a[2])});
}

}  // namespace wardline::crypto
