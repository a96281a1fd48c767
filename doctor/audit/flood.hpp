#pragma once

#include <functional>
#include <map>
#include <string>

#include "doctor/audit/log.hpp"

namespace wardline::doctor::audit {

/// What strangers can cause as often as they like: failed sign-ins, above all. The first of a kind
/// (actor, event, source, reason) within a minute is recorded at once and in full; how many more
/// there were, in one record at the end of the minute. Beyond `max_kinds` within a minute they are
/// only counted, by event. So a flood costs 2 * max_kinds and a few records a minute, no more.
class flood {
 public:
  flood(log& to, const clock& time, std::function<void(const std::string&)> on_trouble)
      : log_(to), time_(time), on_trouble_(std::move(on_trouble)) {}

  /// Never throws: what the disk does not take is counted, and recorded once it does.
  void note(const entry& what) noexcept;

  /// Records the counts of a minute that is over. To be called now and then.
  void tick() noexcept;

  /// The counts up to now.
  void flush() noexcept;

  static constexpr std::size_t max_kinds = 32;
  static constexpr seconds window{60};

 private:
  struct kind {
    entry first;
    std::uint64_t more = 0;
  };
  bool try_append(const entry& what) noexcept;

  log& log_;
  const clock& time_;
  std::function<void(const std::string&)> on_trouble_;
  std::map<std::string, kind> kinds_;
  std::chrono::steady_clock::time_point began_{};
  bool told_ = false;  // of the trouble that there is
};

}  // namespace wardline::doctor::audit
