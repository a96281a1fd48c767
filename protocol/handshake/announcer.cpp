#include "protocol/handshake/announcer.hpp"

#include "protocol/message/announcement.hpp"

namespace wardline::protocol {
namespace {

// Section 6: "The doctor signs its identity anew at most once a second."
constexpr unix_ms lifetime_ms = 1000;

}  // namespace

std::shared_ptr<const bytes> announcer::fresh() {
  const auto now = time_.now();
  const std::lock_guard lock(mutex_);
  return frame_ && distance(now, signed_at_) < lifetime_ms ? frame_ : nullptr;
}

std::shared_ptr<const bytes> announcer::sign() {
  const std::lock_guard one_at_a_time(signing_);
  if (auto made_meanwhile = fresh()) return made_meanwhile;
  const auto now = time_.now();
  auto made = std::make_shared<const bytes>(make_announcement(self_, now, random_));
  const std::lock_guard lock(mutex_);
  frame_ = made;
  signed_at_ = now;
  return made;
}

}  // namespace wardline::protocol
