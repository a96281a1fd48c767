#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "doctor/config.hpp"
#include "doctor/connection.hpp"

namespace wardline::doctor {

/// Section 6: strangers with a valid signature, until the operator admits or refuses them or their
/// time is up. Holds 64, two for each source address, for ten minutes each.
class waiting_room {
 public:
  struct place {
    std::shared_ptr<connection> who;
    unix_ms since;
    std::chrono::steady_clock::time_point until;
  };

  waiting_room(const waiting_limits& limits, const clock& time) : limits_(limits), time_(time) {}

  /// errc::busy if it is full, in all or for this source.
  errc enter(connection& c);
  void leave(const connection& c);

  const std::vector<place>& places() const noexcept { return places_; }

  /// The one that waits under `id` with the key that `key_text` shows (empty: any). Throws
  /// `failure` if there is none, or if several wait under this id and `key_text` names none of
  /// them.
  std::shared_ptr<connection> find(const std::string& id, const std::string& key_text) const;

  /// Those whose time is up.
  std::vector<std::shared_ptr<connection>> overdue() const;

 private:
  const waiting_limits& limits_;
  const clock& time_;
  std::vector<place> places_;
};

}  // namespace wardline::doctor
