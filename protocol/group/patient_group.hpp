#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "common/crypto/identity.hpp"
#include "protocol/group/epoch.hpp"
#include "protocol/group/sealed_broadcast.hpp"
#include "protocol/message/broadcast.hpp"
#include "protocol/message/check.hpp"
#include "protocol/message/group_key.hpp"
#include "protocol/wire/frame.hpp"

namespace wardline::protocol {

/// The patient's view of the group, for the life of one connection (section 9).
class patient_group {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit patient_group(crypto::identity doctor);

  /// A GROUP_KEY: errc::stale_epoch if it is behind what we have, in generation, ratchet or seq.
  /// One for the generation that we are in moves the ratchet but not the seq that we expect, so
  /// that what is missing stays missing.
  result<void> install(group_key key);

  struct opened {
    signed_broadcast broadcast;
    std::uint64_t missed;  ///< broadcasts that should have come since the last one
  };

  /// Opens a broadcast on a copy of the ratchet and commits epoch and seq only after the signature
  /// has verified. invalid_encoding, stale_epoch (behind, seen, another generation, or more steps
  /// than section 9 allows, in all or in a minute), invalid_tag, invalid_signature.
  result<opened> open(const frame& f, time_point now);

  /// A broadcast that came again as a direct message, its signature verified: it is not missing.
  void note_redelivered(const broadcast_position& position);

  /// True if a broadcast never came, neither by itself nor redelivered: the doctor's check speaks
  /// of it, or a later one left a gap.
  bool is_behind(const check& c) const;

 private:
  using place = std::pair<std::uint32_t, std::uint64_t>;  // generation and seq

  result<void> check_epoch(const broadcast_position& position, time_point now);
  std::uint64_t move_past(std::uint64_t seq);

  crypto::identity doctor_;
  crypto::short_fingerprint doctor_fp_;
  std::optional<group_key> key_;  // next_seq is kept up to date in it
  std::set<place> missing_;       // bounded: of many, the latest
  time_point window_began_{};
  std::uint32_t steps_in_window_ = 0;
};

}  // namespace wardline::protocol
