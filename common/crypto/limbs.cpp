#include "common/crypto/limbs.hpp"

#include <algorithm>

namespace wardline::crypto {

void read_big_endian(byte_view in, std::span<limb> out) noexcept {
  std::fill(out.begin(), out.end(), limb{0});
  for (std::size_t i = 0; i < in.size(); ++i) {
    const limb value = in[in.size() - 1 - i];
    out[i / sizeof(limb)] |= value << (8 * (i % sizeof(limb)));
  }
}

void write_big_endian(std::span<const limb> in, byte_span out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t index = i / sizeof(limb);
    const limb word = index < in.size() ? in[index] : 0;
    out[out.size() - 1 - i] = static_cast<byte>(word >> (8 * (i % sizeof(limb))));
  }
}

bool is_zero(std::span<const limb> x) noexcept {
  limb any = 0;
  for (const limb word : x) any |= word;
  return any == 0;
}

}  // namespace wardline::crypto
