#include "doctor/ward.hpp"

#include <algorithm>
#include <string_view>

namespace wardline::doctor {

session* ward::find(const std::string& id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second;
}

std::vector<session*> ward::present() {
  std::vector<session*> out;
  out.reserve(sessions_.size());
  for (const auto& [id, s] : sessions_) out.push_back(s);
  return out;
}

void ward::join(session& s) {
  sessions_.emplace(s.id(), &s);
  if (!s.receives_broadcasts()) return;  // Section 9: "is sent no GROUP_KEY"

  // Section 9, join: the ratchet moves by one and only the newcomer is sent a key.
  if (const auto key = group_.join(s.id(), s.take_group_contribution())) {
    s.send_group_key(*key);
    return;
  }
  open_generation();
  const auto key = group_.current_key();
  for (const auto& [id, member] : sessions_) {
    if (member->receives_broadcasts()) member->send_group_key(key);
  }
}

void ward::leave(const session& s) {
  const auto found = sessions_.find(s.id());
  if (found == sessions_.end() || found->second != &s) return;  // replaced by another
  sessions_.erase(found);
  group_.leave(s.id());
  if (group_.members() == 0) slot_key_.reset();
}

void ward::open_generation() {
  const auto number =
      protocol::doctor_group::next_generation_number(records_.last_generation(), time_.now());
  records_.keep_generation(number);  // before it is used: "never used twice, also after a crash"
  group_.open_generation(number, time_.now());
}

std::uint32_t ward::generation() const {
  protocol::check state{};
  group_.describe(state);
  return state.generation;
}

protocol::broadcast_slot ward::take_slot() {
  // Whoever is not sent this place would miss a number in this generation, and take it for
  // withheld.
  if (passed_over_ || group_.needs_generation(time_.now())) open_generation();
  passed_over_ = true;  // until it is fanned out
  slot_key_ = group_.current_key();
  return group_.take_slot();
}

std::vector<session*> ward::fan_out(const std::shared_ptr<const bytes>& frame,
                                    const protocol::broadcast_position& position,
                                    const std::vector<std::string>& recipients) {
  std::vector<std::string_view> wanted(recipients.begin(), recipients.end());
  std::sort(wanted.begin(), wanted.end());
  auto next = wanted.begin();
  std::vector<session*> sent;
  sent.reserve(sessions_.size());
  passed_over_ = false;
  for (const auto& [id, s] : sessions_) {
    if (!s->receives_broadcasts()) continue;
    while (next != wanted.end() && *next < id) ++next;
    if (next == wanted.end() || *next != id) {
      passed_over_ = true;  // enrolled after it was accepted
      continue;
    }
    if (s->group_state().generation != position.generation) s->send_group_key(*slot_key_);
    s->send_broadcast(frame, position);
    sent.push_back(s);
  }
  return sent;
}

}  // namespace wardline::doctor
