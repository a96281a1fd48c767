// The group of a doctor and up to five connections, who come and go, with what they are sent in the
// input's hands. No message is shown twice, nobody reads what was sent before they came or after
// they have left, nothing that was changed opens, and what comes in order does.
#include <deque>
#include <map>
#include <memory>
#include <set>

#include "protocol/group/doctor_group.hpp"
#include "protocol/group/patient_group.hpp"
#include "tests/fuzz/support/fixed_random.hpp"
#include "tests/fuzz/support/mutated_frame.hpp"
#include "tests/protocol/group/people.hpp"

using namespace wardline;
using fuzz::must;

namespace {

constexpr std::size_t ids = 4;
constexpr std::size_t max_acts = 48;
constexpr std::size_t max_broadcasts = 8;

protocol::group_key copy(const protocol::group_key& k) {
  return {k.generation, k.ratchet, k.next_seq, k.gk.clone()};
}

/// A connection, from when it joined; what it is sent waits in the order of its sending.
struct member {
  explicit member(std::string who) : id(std::move(who)), view(test::the_doctor().public_part()) {}

  struct item {
    std::optional<protocol::group_key> key;
    std::size_t broadcast = 0;  // where there is no key
  };
  std::string id;
  protocol::patient_group view;
  bool is_present = true;
  std::deque<item> coming;
  std::set<std::size_t> may_read;
  std::set<std::size_t> has_read;
  bool is_in_order = true;  // it was given everything as it was sent
};

class ward {
 public:
  explicit ward(fuzz::input& in) : in_(in) {}

  void act() {
    const byte op = in_.number();
    auto* const who = members_.empty() ? nullptr : members_[in_.below(members_.size())].get();
    switch (op % 10) {
      case 0:
      case 1:
        join("p" + std::to_string(in_.below(ids)));
        break;
      case 2:
        if (who != nullptr) leave(*who);
        break;
      case 3:
      case 4:
        broadcast();
        break;
      case 5:  // what the input has already let through of it
        if (who != nullptr && !frames_.empty()) {
          who->is_in_order = false;
          give(*who, in_.below(frames_.size()));
        }
        break;
      case 6:
        if (who != nullptr && !frames_.empty()) {
          who->is_in_order = false;
          give_changed(*who, fuzz::mutated_frame(frames_[in_.below(frames_.size())], in_));
        }
        break;
      case 7:
        if (who != nullptr && !who->coming.empty()) {  // lost on the way
          who->is_in_order = false;
          who->coming.pop_front();
        }
        break;
      case 8:
        now_ += in_.wide() * 256;
        break;
      default:
        if (who != nullptr) next(*who);
        break;
    }
  }

  void finish() {
    for (auto& m : members_) {
      while (!m->coming.empty()) next(*m);
      if (!m->is_in_order || !m->is_present) continue;
      must(m->has_read == m->may_read, "who was given everything has read everything");
      protocol::check state{};
      doctor_.describe(state);
      must(!m->view.is_behind(state), "who was given everything is not behind");
    }
  }

 private:
  void join(const std::string& id) {
    if (members_.size() >= 5) return;
    for (auto& m : members_) m->is_present = m->is_present && m->id != id;  // it came anew
    auto newcomer = std::make_unique<member>(id);
    secret<32> contribution;
    contribution.writable()[0] = static_cast<byte>(members_.size());
    if (auto key = doctor_.join(id, std::move(contribution)))
      newcomer->coming.push_back({std::move(key)});
    members_.push_back(std::move(newcomer));
  }

  void leave(member& m) {
    if (!m.is_present) return;
    m.is_present = false;
    doctor_.leave(m.id);
  }

  void broadcast() {
    if (frames_.size() >= max_broadcasts) return;
    if (doctor_.needs_generation(now_)) {
      generation_ = protocol::doctor_group::next_generation_number(generation_, now_);
      doctor_.open_generation(generation_, now_);
      const auto key = doctor_.current_key();
      for (auto& m : members_)
        if (m->is_present) m->coming.push_back({copy(key)});
    }
    const auto slot = doctor_.take_slot();
    protocol::content c{{}, now_, 0, protocol::content_type::text, {}, to_bytes(in_.take(8))};
    for (auto& b : c.body) b &= 0x7fU;
    c.id.value[0] = static_cast<byte>(frames_.size());
    contents_.push_back(protocol::encode(c));
    frames_.push_back(
        protocol::seal_broadcast(test::the_doctor(), slot, contents_.back(), random_).frame);
    for (auto& m : members_) {
      if (!m->is_present) continue;
      m->may_read.insert(frames_.size() - 1);
      m->coming.push_back({std::nullopt, frames_.size() - 1});
    }
  }

  /// What it was sent next arrives.
  void next(member& m) {
    if (m.coming.empty()) return;
    auto item = std::move(m.coming.front());
    m.coming.pop_front();
    if (!item.key) return give(m, item.broadcast);
    const auto installed = m.view.install(std::move(*item.key));
    must(installed || !m.is_in_order, "a key that comes in its turn is taken");
  }

  void give(member& m, std::size_t number) {
    const auto f = protocol::decode_frame(frames_[number], protocol::session_frame_limit);
    const auto opened = m.view.open(*f, {});
    if (!opened) return must(!m.is_in_order, "a broadcast that comes in its turn opens");
    must(m.may_read.count(number) != 0, "only who was present reads");
    must(m.has_read.insert(number).second, "no message is shown twice");
    must(opened->broadcast.encoded_content == contents_[number], "what is shown is what was said");
    must(!m.is_in_order || opened->missed == 0, "who was given everything misses nothing");
  }

  void give_changed(member& m, const bytes& whole) {
    for (std::size_t i = 0; i < frames_.size(); ++i)
      if (frames_[i] == whole) return give(m, i);
    const auto f = protocol::decode_frame(whole, protocol::session_frame_limit);
    if (!f || f->type != protocol::frame_type::broadcast) return;
    // Each step costs two hashes, of which there may be 65,536: no frame of a fuzzer's needs them.
    const auto position = protocol::read_broadcast_position(*f);
    if (position && position->ratchet > 64) return;
    must(!m.view.open(*f, {}), "a broadcast that was changed does not open");
  }

  fuzz::input& in_;
  fuzz::fixed_random random_;
  unix_ms now_ = 1'790'000'000'000;
  std::uint32_t generation_ = 0;
  protocol::doctor_group doctor_{test::the_doctor().group_secret(), random_};
  std::vector<std::unique_ptr<member>> members_;
  std::vector<bytes> frames_;
  std::vector<bytes> contents_;
};

}  // namespace

WARDLINE_FUZZ_TARGET(in) {
  ward at(in);
  for (std::size_t acts = 0; acts < max_acts && !in.ended(); ++acts) at.act();
  at.finish();
}
