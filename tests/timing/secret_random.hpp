#pragma once

#include "common/crypto/random.hpp"
#include "tests/timing/operations.hpp"

namespace wardline::test {

/// The system's randomness, all of it secret.
class secret_random final : public crypto::random_source {
 public:
  void fill(byte_span out) override {
    crypto::system_random().fill(out);
    mark_secret(out);
  }
};

}  // namespace wardline::test
