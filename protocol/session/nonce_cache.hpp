#pragma once

#include <deque>
#include <mutex>
#include <set>

#include "common/util/clock.hpp"
#include "protocol/message/ids.hpp"

namespace wardline::protocol {

/// The rn_p of requests that were opened lately (section 6.3). Bounded: the oldest entry gives way;
/// "security does not rest on it ... it saves work". Thread-safe, since crypto workers insert.
///
/// An ordered set, not a hash table: the values are the peer's choice.
class nonce_cache {
 public:
  explicit nonce_cache(std::size_t capacity) : capacity_(capacity) {}

  /// True if `nonce` is remembered at `now`.
  bool contains(const handshake_nonce& nonce, unix_ms now);

  /// Check and insertion in one step: false if it was remembered already. Remembered up to and
  /// including `until`.
  bool insert(const handshake_nonce& nonce, unix_ms now, unix_ms until);

 private:
  struct entry {
    handshake_nonce nonce;
    unix_ms until;
  };
  void forget_expired(unix_ms now);

  std::mutex mutex_;
  std::size_t capacity_;
  std::deque<entry> order_;  // oldest first
  std::set<handshake_nonce> nonces_;
};

}  // namespace wardline::protocol
