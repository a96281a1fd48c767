#include "protocol/group/patient_group.hpp"

#include <algorithm>
#include <limits>

#include "protocol/constants.hpp"

namespace wardline::protocol {
namespace {

constexpr std::size_t max_missing = 1024;
constexpr std::chrono::minutes step_window{1};

}  // namespace

patient_group::patient_group(crypto::identity doctor)
    : doctor_(std::move(doctor)), doctor_fp_(crypto::shorten(crypto::fingerprint_of(doctor_))) {}

result<void> patient_group::install(group_key key) {
  if (key_ && key.generation <= key_->generation) {
    if (key.generation < key_->generation || key.ratchet < key_->ratchet ||
        key.next_seq < key_->next_seq) {
      return errc::stale_epoch;
    }
    key.next_seq = key_->next_seq;
  }
  key_ = std::move(key);
  return {};
}

result<void> patient_group::check_epoch(const broadcast_position& position, time_point now) {
  // "It refuses an epoch behind its own and a seq that it has seen"; no seq follows the largest.
  if (!key_ || position.generation != key_->generation || position.ratchet < key_->ratchet ||
      position.seq < key_->next_seq || position.seq == std::numeric_limits<std::uint64_t>::max()) {
    return errc::stale_epoch;
  }
  // "by 65,536 steps at most, and as many a minute": counted before anything is known to be the
  // doctor's, for it is the work for junk that is bounded here.
  const std::uint32_t steps = position.ratchet - key_->ratchet;
  if (steps == 0) return {};
  if (now - window_began_ >= step_window) {
    window_began_ = now;
    steps_in_window_ = 0;
  }
  if (steps > max_ratchet_steps - steps_in_window_) return errc::stale_epoch;
  steps_in_window_ += steps;
  return {};
}

result<patient_group::opened> patient_group::open(const frame& f, time_point now) {
  const auto position = read_broadcast_position(f);
  if (!position) return position.error();
  if (const auto ok = check_epoch(*position, now); !ok) return ok.error();

  // "A patient ratchets a copy": until the signature has verified this may be a member's junk.
  auto gk = key_->gk.clone();
  for (auto step = key_->ratchet; step != position->ratchet; ++step) gk = next_chain_key(gk);

  auto broadcast = open_broadcast(f, doctor_fp_, {*position, derive_broadcast_keys(gk)});
  if (!broadcast) return broadcast.error();
  if (const auto ok = verify_broadcast(doctor_, *broadcast); !ok) return ok.error();

  key_->ratchet = position->ratchet;
  key_->gk = std::move(gk);
  const auto missed = move_past(position->seq);
  return opened{std::move(*broadcast), missed};
}

void patient_group::note_redelivered(const broadcast_position& position) {
  missing_.erase({position.generation, position.seq});
  if (key_ && position.generation == key_->generation && position.seq >= key_->next_seq &&
      position.seq != std::numeric_limits<std::uint64_t>::max()) {
    move_past(position.seq);
  }
}

bool patient_group::is_behind(const check& c) const {
  // Without a key we are sent no broadcasts. A generation of which nothing was sent is announced
  // with its first broadcast, not before.
  if (!key_) return false;
  if (!missing_.empty()) return true;
  if (c.generation == key_->generation) return c.next_seq > key_->next_seq;
  return c.generation > key_->generation && c.next_seq > 0;
}

// `seq` has come: what lies between it and what we expected has not. Returns how many those are.
std::uint64_t patient_group::move_past(std::uint64_t seq) {
  const std::uint64_t missed = seq - key_->next_seq;
  for (auto s = seq - std::min<std::uint64_t>(missed, max_missing); s != seq; ++s) {
    missing_.emplace(key_->generation, s);
  }
  while (missing_.size() > max_missing) missing_.erase(missing_.begin());
  key_->next_seq = seq + 1;
  return missed;
}

}  // namespace wardline::protocol
