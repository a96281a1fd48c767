#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

#include "common/util/clock.hpp"
#include "protocol/message/check.hpp"

namespace wardline::protocol {

/// Section 8: after heartbeat_s of silence an end sends a check, the other answers with the same
/// sequence; three unanswered end the connection. Steady time throughout.
class heartbeat {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// An interval below a second, which a peer may have named, is taken for a second.
  heartbeat(seconds interval, time_point now)
      : interval_(std::max(interval, seconds{1})), last_heard_(now) {}

  /// Any frame that opened counts as a sign of life: the silence, and with it the count of
  /// unanswered checks, begins anew.
  void heard(time_point now) noexcept;

  /// A reply to one of our checks; false if it answers nothing that is outstanding (never sent, or
  /// answered already).
  bool answered(std::uint64_t sequence) noexcept;

  /// What to do now. After `send_check`, nothing until the next interval has passed.
  enum class verdict { nothing, send_check, dead };
  verdict tick(time_point now) const noexcept;

  /// The sequence of a check that is about to be sent (it counts as outstanding from then on);
  /// the first is 1.
  std::uint64_t next_sequence(time_point now) noexcept;

 private:
  seconds interval_;
  time_point last_heard_;
  std::optional<time_point> last_sent_;
  std::uint64_t sequence_ = 0;  // of the last check sent
  std::uint64_t answered_ = 0;  // of the last check answered
  unsigned unanswered_ = 0;
};

}  // namespace wardline::protocol
