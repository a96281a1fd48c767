#include "common/crypto/sodium.hpp"

#include <sodium.h>

#include "common/util/error.hpp"

namespace wardline::crypto {

void use_sodium() {
  // Repeated and concurrent calls are allowed; only the first does anything.
  if (sodium_init() < 0) {
    throw failure("the system's random number generator cannot be used",
                  "getrandom(2) or /dev/urandom must be available");
  }
}

}  // namespace wardline::crypto
