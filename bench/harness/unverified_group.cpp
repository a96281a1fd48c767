#include "bench/harness/unverified_group.hpp"

#include "protocol/constants.hpp"

namespace wardline::bench {

result<void> unverified_group::install(protocol::group_key key) {
  if (key_ && (key.generation < key_->generation ||
               (key.generation == key_->generation && key.ratchet < key_->ratchet))) {
    return errc::stale_epoch;
  }
  key_ = std::move(key);
  return {};
}

result<protocol::signed_broadcast> unverified_group::open(const protocol::frame& f) {
  const auto position = protocol::read_broadcast_position(f);
  if (!position) return position.error();
  if (!key_ || position->generation != key_->generation || position->ratchet < key_->ratchet ||
      position->ratchet - key_->ratchet > protocol::max_ratchet_steps ||
      position->seq < key_->next_seq) {
    return errc::stale_epoch;
  }
  auto gk = key_->gk.clone();
  for (auto step = key_->ratchet; step != position->ratchet; ++step) {
    gk = protocol::next_chain_key(gk);
  }
  auto out = protocol::open_broadcast(f, doctor_, {*position, protocol::derive_broadcast_keys(gk)});
  if (!out) return out.error();
  key_->ratchet = position->ratchet;
  key_->gk = std::move(gk);
  key_->next_seq = position->seq + 1;
  return out;
}

}  // namespace wardline::bench
