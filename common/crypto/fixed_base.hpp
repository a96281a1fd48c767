#pragma once

#include "common/crypto/montgomery.hpp"

namespace wardline::crypto {

/// Powers of one base by a table: the comb of Lim and Lee (Crypto '94). The exponent is cut into
/// `teeth` rows, each row into `blocks` blocks; a table for each block holds the product of every
/// choice of rows, so that an exponent of b bits costs b/teeth multiplications and
/// b/(teeth·blocks) squarings, where a plain exponentiation has b squarings. The tables take
/// blocks·64 elements, and about as long to make as one plain exponentiation. Immutable.
class fixed_base {
 public:
  fixed_base(const montgomery& field, std::span<const limb> base, std::size_t exponent_bits,
             std::size_t blocks);

  /// base^x mod p, constant-time in x, which has at most `exponent_bits` bits. Every entry of a
  /// table is read each time one is wanted, so that the cache tells nothing.
  void power(std::span<const limb> x, std::span<limb> out) const;

 private:
  static constexpr std::size_t teeth = 6;
  static constexpr std::size_t entries = std::size_t{1} << teeth;

  std::span<limb> entry(std::size_t block, std::size_t index) noexcept;
  const limb* table(std::size_t block) const noexcept;

  const montgomery& field_;
  std::size_t blocks_;
  std::size_t columns_;  // bits of a block
  std::vector<limb> tables_;
};

}  // namespace wardline::crypto
