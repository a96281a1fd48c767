#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "doctor/events.hpp"

namespace wardline::doctor {
struct gateway_status;
}

namespace wardline::doctor::metrics {

/// A counter for each value of one label. Whatever a value is made of, there are only so many.
class counted {
 public:
  static constexpr std::size_t most_values = 64;

  counted() = default;
  counted(std::initializer_list<std::string_view> values) {
    for (const auto v : values) by_value_.emplace(v, 0);
  }

  void add(std::string_view value, std::uint64_t n = 1);
  const std::map<std::string, std::uint64_t, std::less<>>& values() const noexcept {
    return by_value_;
  }

 private:
  std::map<std::string, std::uint64_t, std::less<>> by_value_;
};

/// Counts what happens at the gateway since it began. Never who: no label holds an id, an address
/// or anything else of which there are as many as patients.
class counters {
 public:
  explicit counters(event_hub& events);
  counters(const counters&) = delete;
  counters& operator=(const counters&) = delete;
  ~counters();

  /// All of it, and what `now` says, in Prometheus' text format 0.0.4. `trouble`: what failed when
  /// it was last tried; empty: nothing.
  std::string text(const gateway_status& now, const std::string& trouble, unix_ms time) const;

 private:
  void on_event(const event& e);

  event_hub& events_;
  int subscription_;
  counted sign_ins_{"full", "resumed"};
  counted refusals_{"authentication_failed", "busy", "clock_skew", "refused", "wrong_verifier"};
  counted frames_refused_;
  counted disconnections_{"connection_lost", "goodbye", "idle"};
  counted waiting_ended_{"admitted", "connection_lost", "refused", "timed_out"};
  counted deliveries_{"acknowledged", "decrypted", "expired", "unreachable"};
  counted overdue_{"emergency", "urgent"};
  counted amendments_{"cancellation", "correction"};
  std::uint64_t broadcasts_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t keys_blocked_ = 0;
  std::uint64_t sources_closed_ = 0;
  std::uint64_t troubles_ = 0;
};

}  // namespace wardline::doctor::metrics
