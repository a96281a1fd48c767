#include "common/crypto/constant_time.hpp"

#include <sodium.h>

#include "common/crypto/declassify.hpp"

namespace wardline::crypto {

bool equal_in_constant_time(byte_view a, byte_view b) noexcept {
  if (a.size() != b.size()) return false;
  // Whether they are equal is what the peer is told by the answer; where they differ is not.
  return a.empty() || declassified(sodium_memcmp(a.data(), b.data(), a.size())) == 0;
}

}  // namespace wardline::crypto
