#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>

#include "common/util/clock.hpp"
#include "protocol/message/ids.hpp"

namespace wardline::protocol {

/// The rn_p of requests that were opened lately (section 6.3). Bounded: the oldest entry gives way;
/// "security does not rest on it ... it saves work". Thread-safe, since crypto workers insert.
///
/// An ordered map, not a hash table: the values are the peer's choice.
class nonce_cache {
 public:
  explicit nonce_cache(std::size_t capacity) : capacity_(capacity) {}

  /// True if `nonce` is remembered at `now`.
  bool contains(const handshake_nonce& nonce, unix_ms now);

  /// Check and insertion in one step: false if it was remembered already. Remembered up to and
  /// including `until`.
  bool insert(const handshake_nonce& nonce, unix_ms now, unix_ms until);

 private:
  void make_room(unix_ms now);

  std::mutex mutex_;
  std::size_t capacity_;
  std::map<handshake_nonce, unix_ms> until_;
  std::deque<handshake_nonce> order_;  // the keys of until_, oldest first
};

}  // namespace wardline::protocol
