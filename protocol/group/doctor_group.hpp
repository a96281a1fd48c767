#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "protocol/group/epoch.hpp"
#include "protocol/group/sealed_broadcast.hpp"
#include "protocol/message/broadcast.hpp"
#include "protocol/message/check.hpp"
#include "protocol/message/group_key.hpp"

namespace wardline::protocol {

/// The doctor's group key over everyone present (section 9).
///
/// Join: the ratchet moves by one and only the newcomer is sent a key. Leave: the group is stale
/// and the next broadcast must open a new generation. Both are O(log members).
class doctor_group {
 public:
  doctor_group(secret<32> group_secret, crypto::random_source& random);

  /// Adds a member (an id that is present already takes the new contribution and the group becomes
  /// stale). Returns what the newcomer is sent, and nothing if there is no generation yet or no
  /// ratchet step left: then a generation must be opened first, and its key goes to every member.
  std::optional<group_key> join(const std::string& id, secret<32> contribution);

  /// With the last member its key goes, and the generation ends.
  void leave(const std::string& id);

  /// True before the next broadcast if there is no generation, a member has left, the generation is
  /// an hour old or has had 2^20 broadcasts or 65,535 joins since the last of them.
  bool needs_generation(unix_ms now) const;

  /// Opens generation `number` over those present, which must be greater than any before it and on
  /// disk already: "generation numbers are never used twice".
  void open_generation(std::uint32_t number, unix_ms now);

  /// max(last + 1, Unix seconds). Throws `failure` if that is beyond 32 bits (in 2106).
  static std::uint32_t next_generation_number(std::uint32_t last, unix_ms now);

  /// GROUP_KEY for a member, in the present state. There must be a generation.
  group_key current_key() const;

  /// Takes the next seq. There must be a generation that need not be replaced. Broadcasts are sent
  /// in the order in which their slots were taken: a patient refuses a seq below the last.
  broadcast_slot take_slot();

  /// The last three fields of a check, zeros before the first generation.
  void describe(check& c) const;

  bool has_generation() const { return has_generation_; }
  std::size_t members() const { return contributions_.size(); }

 private:
  secret<32> group_secret_;
  crypto::random_source& random_;
  std::map<std::string, secret<32>> contributions_;
  bool has_generation_ = false;
  std::uint32_t generation_ = 0;  // the last one; 0: none yet
  std::uint32_t ratchet_ = 0;
  std::uint64_t next_seq_ = 0;
  std::uint32_t joins_since_broadcast_ = 0;
  unix_ms opened_ = 0;  // when the generation was opened
  bool stale_ = false;
  group_chain_key chain_key_;
};

}  // namespace wardline::protocol
