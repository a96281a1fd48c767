#pragma once

#include <cstdint>

#include "common/crypto/aead.hpp"

namespace wardline::protocol {

/// Sections 8 and 9: iv XOR (counter as u96).
inline crypto::aes256_gcm::nonce counter_nonce(crypto::aes256_gcm::nonce iv,
                                               std::uint64_t counter) noexcept {
  const auto number = big_endian<8>(counter);
  for (std::size_t i = 0; i < number.size(); ++i) iv[iv.size() - number.size() + i] ^= number[i];
  return iv;
}

}  // namespace wardline::protocol
