#include "common/crypto/random.hpp"

#include <sodium.h>

#include "common/crypto/sodium.hpp"

namespace wardline::crypto {

system_random::system_random() { use_sodium(); }

void system_random::fill(byte_span out) {
  if (!out.empty()) randombytes_buf(out.data(), out.size());
}

}  // namespace wardline::crypto
