#pragma once

#include "common/crypto/limbs.hpp"

namespace wardline::crypto {

/// Multiplication modulo an odd p in Montgomery's form (x is held as x·B mod p, B = 2^(limb bits ·
/// limbs)), in time that does not depend on the operands. Values lie below B, not always below p;
/// leave() makes them unique. Immutable.
class montgomery {
 public:
  explicit montgomery(std::span<const limb> modulus);

  /// Limbs of every value.
  std::size_t size() const noexcept { return modulus_.size(); }
  std::span<const limb> modulus() const noexcept { return modulus_; }

  /// Memory that the operations overwrite: one for each thread that computes.
  class workspace {
   public:
    explicit workspace(const montgomery& field);

   private:
    friend class montgomery;
    secret_limbs product_;
    secret_limbs scratch_;
  };

  /// 1, in Montgomery's form.
  std::span<const limb> one() const noexcept { return one_; }

  // `out` may be one of the operands; all have size() limbs.
  void multiply(std::span<limb> out, std::span<const limb> a, std::span<const limb> b,
                workspace& w) const;
  void square(std::span<limb> out, std::span<const limb> a, workspace& w) const;
  void enter(std::span<limb> out, std::span<const limb> a, workspace& w) const;
  void leave(std::span<limb> out, std::span<const limb> a, workspace& w) const;

 private:
  void reduce(std::span<limb> out, workspace& w) const;

  std::vector<limb> modulus_;
  limb inverse_;             // -1/p mod 2^(limb bits)
  std::vector<limb> one_;    // B mod p
  std::vector<limb> enter_;  // B^2 mod p
};

}  // namespace wardline::crypto
