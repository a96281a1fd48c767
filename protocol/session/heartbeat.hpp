#pragma once

#include <chrono>
#include <optional>

#include "common/util/clock.hpp"
#include "protocol/message/check.hpp"

namespace wardline::protocol {

/// Section 8: after heartbeat_s of silence an end sends a check, the other answers with the same
/// sequence; three unanswered end the connection. Steady time throughout.
class heartbeat {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  heartbeat(seconds interval, time_point now) : interval_(interval), last_heard_(now) {}

  /// Any frame that opened counts as a sign of life.
  void heard(time_point now) noexcept;

  /// A reply to one of our checks; false if it answers nothing that is outstanding.
  bool answered(std::uint64_t sequence) noexcept;

  /// What to do now.
  enum class verdict { nothing, send_check, dead };
  verdict tick(time_point now) noexcept;

  /// The sequence of a check that is about to be sent (it counts as outstanding from then on).
  std::uint64_t next_sequence(time_point now) noexcept;

 private:
  seconds interval_;
  time_point last_heard_;
  std::optional<time_point> last_sent_;
  std::uint64_t sequence_ = 0;
  unsigned unanswered_ = 0;
};

}  // namespace wardline::protocol
