#pragma once

#include <memory>

#include "common/crypto/limbs.hpp"
#include "common/util/bytes.hpp"

namespace wardline::crypto {

/// Products of powers modulo a prime p, with 2 among the bases: what verifying a signature takes.
/// For public values alone: its time depends on all of them. Immutable; the table is made on first
/// use.
class public_powers {
 public:
  /// Big-endian.
  explicit public_powers(byte_view prime);
  ~public_powers();
  public_powers(const public_powers&) = delete;
  public_powers& operator=(const public_powers&) = delete;

  struct factor {
    byte_view base;                  ///< big-endian, below p
    std::span<const limb> exponent;  ///< at most half as many bits as p
  };

  /// 2^c · a · b = 1 mod p, for a c of at most as many bits as p has.
  ///
  /// One pass for all (Straus, Amer. Math. Monthly 71, 1964), with sliding windows, and with as
  /// many squarings as half of p has bits: the upper half of c is an exponent of 2^(2^half), whose
  /// odd powers are kept, and a power of 2 for the lower half is a shift.
  bool product_is_one(std::span<const limb> c, const factor& a, const factor& b) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace wardline::crypto
