#pragma once

#include <chrono>
#include <deque>
#include <list>
#include <string>
#include <unordered_map>

#include "common/util/clock.hpp"
#include "common/util/error.hpp"
#include "doctor/config.hpp"

namespace wardline::doctor {

/// Section 10, what concerns a source address: how many full handshakes it may begin, and whether
/// its failures have closed it. "What fails counts against its source address, never against a
/// claimed id."
///
/// Bounded: it remembers the sources that were active last.
class admission {
 public:
  admission(const admission_limits& limits, const clock& time) : limits_(limits), time_(time) {}

  /// Takes one full handshake out of the source's bucket: errc::ok, or errc::busy if it is empty or
  /// the source is closed.
  errc full_handshake(const std::string& source);

  /// Counts a failure; true if it closes the source now.
  bool failed(const std::string& source);

  bool is_closed(const std::string& source);

  static constexpr std::size_t max_sources = 65'536;

 private:
  using time_point = std::chrono::steady_clock::time_point;

  struct source_state {
    std::string name;
    double tokens;
    time_point filled;
    std::deque<time_point> failures;
    time_point closed_until{};
  };

  source_state& state_of(const std::string& source);

  const admission_limits& limits_;
  const clock& time_;
  std::list<source_state> recent_;  // the one that was active last is in front
  std::unordered_map<std::string, std::list<source_state>::iterator> by_name_;
};

}  // namespace wardline::doctor
