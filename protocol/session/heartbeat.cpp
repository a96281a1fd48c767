#include "protocol/session/heartbeat.hpp"

#include "protocol/constants.hpp"

namespace wardline::protocol {

void heartbeat::heard(time_point now) noexcept {
  last_heard_ = now;
  unanswered_ = 0;
}

bool heartbeat::answered(std::uint64_t sequence) noexcept {
  if (sequence <= answered_ || sequence > sequence_) return false;
  answered_ = sequence;  // frames come in order: what went before will not be answered any more
  return true;
}

heartbeat::verdict heartbeat::tick(time_point now) const noexcept {
  if (now - last_heard_ < interval_) return verdict::nothing;
  if (last_sent_ && now - *last_sent_ < interval_) return verdict::nothing;
  return unanswered_ < max_unanswered_checks ? verdict::send_check : verdict::dead;
}

std::uint64_t heartbeat::next_sequence(time_point now) noexcept {
  last_sent_ = now;
  ++unanswered_;
  return ++sequence_;
}

}  // namespace wardline::protocol
