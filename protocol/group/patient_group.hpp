#pragma once

#include <chrono>
#include <optional>

#include "common/crypto/identity.hpp"
#include "protocol/group/epoch.hpp"
#include "protocol/message/broadcast.hpp"
#include "protocol/message/check.hpp"
#include "protocol/message/group_key.hpp"
#include "protocol/wire/frame.hpp"

namespace wardline::protocol {

/// errc::invalid_signature unless the doctor signed this content at this position.
result<void> verify_broadcast(const crypto::identity& doctor, const signed_broadcast& b);

/// The patient's view of the group, for the life of one connection (section 9).
class patient_group {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit patient_group(const crypto::identity& doctor) : doctor_(doctor) {}

  /// A GROUP_KEY: errc::stale_epoch if its generation is behind the one that we have.
  result<void> install(group_key key);

  struct opened {
    signed_broadcast broadcast;
    std::uint64_t missed;  ///< broadcasts that should have come before this one
  };

  /// Opens a broadcast on a copy of the ratchet and commits epoch and seq only after the signature
  /// has verified. invalid_encoding, stale_epoch (behind, seen, another generation, or more steps
  /// than section 9 allows, in all or in a minute), invalid_tag, invalid_signature.
  result<opened> open(const frame& f, time_point now);

  /// A broadcast that came again as a direct message, its signature verified: it is not missing.
  void note_redelivered(const broadcast_position& position);

  /// True if the doctor's check speaks of a broadcast that never came.
  bool is_behind(const check& c) const;

 private:
  const crypto::identity& doctor_;
  std::optional<group_key> key_;  // next_seq is kept up to date in it
  time_point window_began_{};
  std::uint32_t steps_in_window_ = 0;
};

}  // namespace wardline::protocol
