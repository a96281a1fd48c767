#include "doctor/ward.hpp"

#include <set>

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
  announced_ = {key.generation, key.ratchet, key.next_seq};
}

void ward::leave(const session& s) {
  const auto found = sessions_.find(s.id());
  if (found == sessions_.end() || found->second != &s) return;  // replaced by another
  sessions_.erase(found);
  group_.leave(s.id());
}

void ward::open_generation() {
  const auto number =
      protocol::doctor_group::next_generation_number(records_.last_generation(), time_.now());
  records_.keep_generation(number);  // before it is used: "never used twice, also after a crash"
  group_.open_generation(number, time_.now());
}

protocol::broadcast_slot ward::take_slot() {
  if (group_.needs_generation(time_.now())) open_generation();
  slot_key_ = group_.current_key();
  return group_.take_slot();
}

ward::fan_out_result ward::fan_out(const std::shared_ptr<const bytes>& frame,
                                   const protocol::broadcast_position& position,
                                   const std::vector<std::string>& recipients) {
  const std::set<std::string_view> wanted(recipients.begin(), recipients.end());
  fan_out_result out;
  for (const auto& [id, s] : sessions_) {
    if (!s->receives_broadcasts()) continue;
    if (!wanted.contains(id)) {
      // Enrolled after it was accepted, so it is not for them: let them not miss its number.
      s->send_group_key(group_.current_key());
      continue;
    }
    if (s->given_epoch().generation != position.generation) {
      s->send_group_key(*slot_key_);
    } else if (s->given_epoch().ratchet > position.ratchet) {
      out.need_redelivery.push_back(s);  // joined meanwhile: its keys begin after this one
      continue;
    }
    s->send_shared(frame);
    out.sent.push_back(id);
  }
  announced_ = {position.generation, position.ratchet, position.seq + 1};
  return out;
}

void ward::describe(protocol::check& c) const {
  c.generation = announced_.generation;
  c.ratchet = announced_.ratchet;
  c.next_seq = announced_.seq;
}

}  // namespace wardline::doctor
