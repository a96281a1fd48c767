#pragma once

#include <memory>
#include <mutex>

#include "common/crypto/identity.hpp"
#include "common/util/clock.hpp"

namespace wardline::protocol {

/// The doctor's signed `identity` frame. "The doctor signs its identity anew at most once a
/// second": all connections share one. Thread-safe, as `time` and `random` must be; asking for the
/// fresh frame never waits for a signature that is being made.
class announcer {
 public:
  announcer(const crypto::own_identity& self, const clock& time, crypto::random_source& random)
      : self_(self), time_(time), random_(random) {}

  /// The frame if it is fresh, else nothing.
  std::shared_ptr<const bytes> fresh();

  /// The frame, signed anew if it is not fresh: a computation of milliseconds.
  std::shared_ptr<const bytes> sign();

 private:
  const crypto::own_identity& self_;
  const clock& time_;
  crypto::random_source& random_;
  std::mutex signing_;  // held while signing: whoever comes meanwhile shares the result
  std::mutex mutex_;    // guards the two below
  std::shared_ptr<const bytes> frame_;
  unix_ms signed_at_ = 0;
};

}  // namespace wardline::protocol
