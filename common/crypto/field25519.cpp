#include "common/crypto/field25519.hpp"

#include <algorithm>

namespace wardline::crypto {
namespace {

constexpr std::uint64_t mask = (std::uint64_t{1} << 51U) - 1;

std::uint64_t read_word(byte_view x, std::size_t at) {
  std::uint64_t out = 0;
  for (std::size_t i = 8; i-- > 0;) out = out << 8U | x[at + i];
  return out;
}

}  // namespace

std::optional<field25519> field25519::decode(byte_view encoded) {
  if (encoded.size() != 32) return std::nullopt;
  field25519 out;
  out.limbs_ = {read_word(encoded, 0) & mask, (read_word(encoded, 6) >> 3U) & mask,
                (read_word(encoded, 12) >> 6U) & mask, (read_word(encoded, 19) >> 1U) & mask,
                (read_word(encoded, 24) >> 12U) & mask};
  const auto again = out.encode();
  if (!std::equal(again.begin(), again.end(), encoded.begin())) return std::nullopt;
  return out;
}

byte_array<32> field25519::encode() const {
  auto x = carried({limbs_[0], limbs_[1], limbs_[2], limbs_[3], limbs_[4]}).limbs_;
  // Below 2^255 + 2^64 now, so p goes into it once at most: if and only if 19 more reach 2^255.
  std::uint64_t excess = (x[0] + 19) >> 51U;
  for (std::size_t i = 1; i < 5; ++i) excess = (x[i] + excess) >> 51U;
  x[0] += 19 * excess;
  for (std::size_t i = 0; i < 4; ++i) {
    x[i + 1] += x[i] >> 51U;
    x[i] &= mask;
  }
  x[4] &= mask;
  const std::array<std::uint64_t, 4> words{x[0] | x[1] << 51U, x[1] >> 13U | x[2] << 38U,
                                           x[2] >> 26U | x[3] << 25U, x[3] >> 39U | x[4] << 12U};
  byte_array<32> out{};
  for (std::size_t i = 0; i < 32; ++i) out[i] = static_cast<byte>(words[i / 8] >> (8 * (i % 8)));
  return out;
}

bool field25519::is_zero() const { return encode() == byte_array<32>{}; }

field25519 field25519::squared(int times) const {
  field25519 out = *this;
  for (; times > 0; --times) out = out.squared();
  return out;
}

}  // namespace wardline::crypto
