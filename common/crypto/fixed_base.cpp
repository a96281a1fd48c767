#include "common/crypto/fixed_base.hpp"

#include <algorithm>

#include <gmp.h>

namespace wardline::crypto {
namespace {

constexpr std::size_t divide_up(std::size_t a, std::size_t b) noexcept { return (a + b - 1) / b; }

limb bit(std::span<const limb> x, std::size_t position) noexcept {
  const std::size_t index = position / limb_bits;
  return index < x.size() ? (x[index] >> (position % limb_bits)) & 1U : 0;
}

}  // namespace

fixed_base::fixed_base(const montgomery& field, std::span<const limb> base,
                       std::size_t exponent_bits, std::size_t blocks)
    : field_(field),
      blocks_(blocks),
      columns_(divide_up(divide_up(exponent_bits, teeth), blocks)),
      tables_(blocks * entries * field.size()) {
  montgomery::workspace work(field);
  std::vector<limb> power(field.size());
  field.enter(power, base, work);
  // Row i of block j begins at bit (i·blocks + j)·columns: its base^(2^that) belongs to index 2^i.
  for (std::size_t i = 0; i < teeth; ++i) {
    for (std::size_t j = 0; j < blocks; ++j) {
      std::copy(power.begin(), power.end(), entry(j, std::size_t{1} << i).begin());
      if (i + 1 == teeth && j + 1 == blocks) break;
      for (std::size_t k = 0; k < columns_; ++k) field.square(power, power, work);
    }
  }
  for (std::size_t j = 0; j < blocks; ++j) {
    std::copy(field.one().begin(), field.one().end(), entry(j, 0).begin());
    for (std::size_t index = 3; index < entries; ++index) {
      const std::size_t lowest = index & (~index + 1);
      if (lowest == index) continue;
      field.multiply(entry(j, index), entry(j, index - lowest), entry(j, lowest), work);
    }
  }
}

std::span<limb> fixed_base::entry(std::size_t block, std::size_t index) noexcept {
  return {tables_.data() + (block * entries + index) * field_.size(), field_.size()};
}

const limb* fixed_base::table(std::size_t block) const noexcept {
  return tables_.data() + block * entries * field_.size();
}

void fixed_base::power(std::span<const limb> x, std::span<limb> out) const {
  const auto n = static_cast<mp_size_t>(field_.size());
  montgomery::workspace work(field_);
  secret_limbs sum(field_.size());
  std::copy(field_.one().begin(), field_.one().end(), sum.data());
  secret_limbs factor(field_.size());
  for (std::size_t k = columns_; k-- > 0;) {
    if (k + 1 != columns_) field_.square(sum.writable(), sum.view(), work);
    for (std::size_t j = 0; j < blocks_; ++j) {
      limb index = 0;
      for (std::size_t i = 0; i < teeth; ++i) {
        index |= bit(x, (i * blocks_ + j) * columns_ + k) << i;
      }
      mpn_sec_tabselect(factor.data(), table(j), n, entries, static_cast<mp_size_t>(index));
      field_.multiply(sum.writable(), sum.view(), factor.view(), work);
    }
  }
  field_.leave(out, sum.view(), work);
}

}  // namespace wardline::crypto
