#include "protocol/group/doctor_group.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "protocol/constants.hpp"

namespace wardline::protocol {
namespace {

// "Before 65,536 joins have passed without a broadcast the doctor opens a new generation": a
// patient ratchets no further than that.
constexpr std::uint32_t max_joins = max_ratchet_steps - 1;

}  // namespace

doctor_group::doctor_group(secret<32> group_secret, crypto::random_source& random)
    : group_secret_(std::move(group_secret)), random_(random) {}

std::optional<group_key> doctor_group::join(const std::string& id, secret<32> contribution) {
  const bool is_new = contributions_.insert_or_assign(id, std::move(contribution)).second;
  // Whoever was here under this id has a key of the group and is gone.
  if (!is_new) stale_ = true;
  if (!has_generation() || joins_since_broadcast_ >= max_joins ||
      ratchet_ == std::numeric_limits<std::uint32_t>::max()) {
    stale_ = true;
    return std::nullopt;
  }
  chain_key_ = next_chain_key(chain_key_);
  ++ratchet_;
  ++joins_since_broadcast_;
  return current_key();
}

void doctor_group::leave(const std::string& id) {
  if (contributions_.erase(id) == 0) return;
  stale_ = true;
  if (!contributions_.empty()) return;
  // Nobody is left whom it concerns: it does not lie in memory until somebody comes.
  chain_key_ = {};
  has_generation_ = false;
}

bool doctor_group::needs_generation(unix_ms now) const {
  return !has_generation() || stale_ || next_seq_ >= max_broadcasts_per_generation ||
         joins_since_broadcast_ >= max_joins ||
         distance(now, opened_) >= static_cast<unix_ms>(generation_lifetime.count());
}

void doctor_group::open_generation(std::uint32_t number, unix_ms now) {
  if (number <= generation_) throw std::logic_error("a generation number was used already");
  const auto salt = random_.make_secret<32>();
  chain_key_ = first_chain_key(salt.view(), contributions_, group_secret_);
  generation_ = number;
  ratchet_ = 0;
  next_seq_ = 0;
  joins_since_broadcast_ = 0;
  opened_ = now;
  stale_ = false;
  has_generation_ = true;
}

std::uint32_t doctor_group::next_generation_number(std::uint32_t last, unix_ms now) {
  constexpr std::uint64_t largest = std::numeric_limits<std::uint32_t>::max();
  const auto next = std::max(std::uint64_t{last} + 1, now / 1000);
  if (next > largest) {
    throw failure("the numbers of the group key are used up",
                  "set the clock of this machine; a doctor whose clock was far ahead needs a new "
                  "identity");
  }
  return static_cast<std::uint32_t>(next);
}

group_key doctor_group::current_key() const {
  if (!has_generation()) throw std::logic_error("the group has no generation");
  return {generation_, ratchet_, next_seq_, chain_key_.clone()};
}

broadcast_slot doctor_group::take_slot() {
  if (!has_generation() || stale_ || next_seq_ >= max_broadcasts_per_generation) {
    throw std::logic_error("the group needs a new generation");
  }
  joins_since_broadcast_ = 0;
  return {{generation_, ratchet_, next_seq_++}, derive_broadcast_keys(chain_key_)};
}

void doctor_group::describe(check& c) const {
  c.generation = generation_;
  c.ratchet = ratchet_;
  c.next_seq = next_seq_;
}

}  // namespace wardline::protocol
