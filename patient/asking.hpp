#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

#include "common/util/clock.hpp"

namespace wardline::patient {

/// Section 8: a patient that is behind "tells the person, and asks by a new check until it has been
/// redelivered". When to ask, and when to tell: at once and then ever more rarely; and a moment
/// later, for a broadcast may be on its way while a check already speaks of it.
class asking {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr seconds patience{3};  ///< before the person is told
  static constexpr seconds first_interval{6};
  static constexpr seconds longest_interval{300};

  /// `missing`: something that the doctor has sent is not here.
  void update(bool missing, time_point now) noexcept {
    if (!missing) {
      since_.reset();
    } else if (!since_) {
      since_ = now;
      next_ = now;
      interval_ = first_interval;
    }
  }

  /// True if a check is to be sent now; then the next one is due later.
  bool take_turn(time_point now) noexcept {
    if (!since_ || now < next_) return false;
    next_ = now + interval_;
    interval_ = std::min(interval_ * 2, longest_interval);
    return true;
  }

  bool is_overdue(time_point now) const noexcept { return since_ && now - *since_ >= patience; }

 private:
  std::optional<time_point> since_;
  time_point next_{};
  seconds interval_ = first_interval;
};

}  // namespace wardline::patient
