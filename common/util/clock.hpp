#pragma once

#include <chrono>
#include <cstdint>

namespace wardline {

using milliseconds = std::chrono::milliseconds;
using seconds = std::chrono::seconds;

/// Unix time in milliseconds, as on the wire and on disk.
using unix_ms = std::uint64_t;

/// Where the time comes from. Wall time is for what others see (timestamps, expiry); steady time,
/// since an arbitrary start, is for waiting and never jumps.
class clock {
 public:
  virtual ~clock() = default;
  virtual unix_ms now() const = 0;
  virtual std::chrono::steady_clock::time_point steady() const = 0;
};

/// The machine's own clocks.
class system_clock final : public clock {
 public:
  unix_ms now() const override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<unix_ms>(std::chrono::duration_cast<milliseconds>(since).count());
  }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::now();
  }
};

/// |a - b| without overflow.
constexpr unix_ms distance(unix_ms a, unix_ms b) noexcept { return a > b ? a - b : b - a; }

/// a + b, held at the largest value.
constexpr unix_ms saturating_add(unix_ms a, unix_ms b) noexcept {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

}  // namespace wardline
