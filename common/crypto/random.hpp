#pragma once

#include "common/util/bytes.hpp"
#include "common/util/secret.hpp"

namespace wardline::crypto {

/// Where randomness comes from; passed in, so that a transcript can be reproduced.
class random_source {
 public:
  virtual ~random_source() = default;

  /// Fills `out` with uniformly random bytes. Must be safe to call from several threads.
  virtual void fill(byte_span out) = 0;

  template <class Fixed>
  Fixed make() {
    Fixed out;
    fill(out.value);
    return out;
  }

  template <std::size_t N>
  secret<N> make_secret() {
    secret<N> out;
    fill(out.writable());
    return out;
  }
};

/// The operating system's generator (getrandom, through libsodium). Throws `failure` at
/// construction if it cannot be used.
class system_random final : public random_source {
 public:
  system_random();
  void fill(byte_span out) override;
};

}  // namespace wardline::crypto
