#pragma once

#include "common/util/clock.hpp"

namespace wardline::test {

/// A clock that stands still until the test moves it. For one thread.
class manual_clock final : public clock {
 public:
  explicit manual_clock(unix_ms now = 0) : now_(now) {}

  unix_ms now() const override { return now_; }
  std::chrono::steady_clock::time_point steady() const override { return steady_; }

  /// Sets the wall clock alone, as an operator or NTP would.
  void set(unix_ms now) { now_ = now; }

  /// Time passes: both clocks move on.
  void advance(milliseconds by) {
    now_ += static_cast<unix_ms>(by.count());
    steady_ += by;
  }

 private:
  unix_ms now_;
  std::chrono::steady_clock::time_point steady_{};
};

}  // namespace wardline::test
