#pragma once

#include "common/util/clock.hpp"

namespace wardline::test {

/// The machine's clock as somebody has it whose clock is off. For one thread.
class shifted_clock final : public clock {
 public:
  explicit shifted_clock(milliseconds by = milliseconds{0}) : ahead(by) {}

  unix_ms now() const override {
    return static_cast<unix_ms>(static_cast<std::int64_t>(true_clock_.now()) + ahead.count());
  }
  std::chrono::steady_clock::time_point steady() const override { return true_clock_.steady(); }

  milliseconds ahead;  ///< negative: behind

 private:
  system_clock true_clock_;
};

}  // namespace wardline::test
