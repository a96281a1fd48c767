#include "common/crypto/constant_time.hpp"

#include <sodium.h>

namespace wardline::crypto {

bool equal_in_constant_time(byte_view a, byte_view b) noexcept {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

}  // namespace wardline::crypto
