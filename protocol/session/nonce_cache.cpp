#include "protocol/session/nonce_cache.hpp"

namespace wardline::protocol {

bool nonce_cache::contains(const handshake_nonce& nonce, unix_ms now) {
  const std::lock_guard lock(mutex_);
  const auto it = until_.find(nonce);
  return it != until_.end() && now <= it->second;
}

bool nonce_cache::insert(const handshake_nonce& nonce, unix_ms now, unix_ms until) {
  const std::lock_guard lock(mutex_);
  if (const auto it = until_.find(nonce); it != until_.end()) {
    if (now <= it->second) return false;
    it->second = until;
    return true;
  }
  make_room(now);
  if (capacity_ == 0) return true;
  until_.emplace(nonce, until);
  order_.push_back(nonce);
  return true;
}

// Entries expire in the order in which they came, as long as the clock does not jump; if it does,
// an expired one takes room for a while and is still not taken for remembered.
void nonce_cache::make_room(unix_ms now) {
  while (!order_.empty() && (order_.size() >= capacity_ || until_.at(order_.front()) < now)) {
    until_.erase(order_.front());
    order_.pop_front();
  }
}

}  // namespace wardline::protocol
