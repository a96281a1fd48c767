#pragma once

#include <algorithm>

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"

namespace wardline::patient {

/// How long to wait before the next attempt: exponential backoff with full jitter, uniformly within
/// 0 .. min(cap, base · 2^n) for the n-th failure in a row, so that many patients who lost one
/// gateway do not return to it at the same moment. (Brooker, "Exponential Backoff And Jitter",
/// 2015.)
class backoff {
 public:
  static constexpr milliseconds base{500};
  static constexpr milliseconds usual_cap{60'000};
  /// Section 9: a patient who was turned away by a hint "tries again with backoff, 300 s at most".
  static constexpr milliseconds hint_cap{300'000};

  milliseconds next(milliseconds cap, crypto::random_source& random) {
    auto most = base;
    for (unsigned i = 0; i < failures_ && most < cap; ++i) most *= 2;
    most = std::min(most, cap);
    ++failures_;
    // A remainder of 64 random bits is as good as uniform over some hundred thousand values.
    byte_array<8> draw;
    random.fill(draw);
    return milliseconds(from_big_endian<8>(draw) % (static_cast<unsigned>(most.count()) + 1U));
  }

  void reset() noexcept { failures_ = 0; }

 private:
  unsigned failures_ = 0;
};

}  // namespace wardline::patient
