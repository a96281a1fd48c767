// Section 9: over any sequence of joins, departures and broadcasts, members read exactly what was
// broadcast while they were members, and nobody else can.
#include <map>
#include <memory>

#include "protocol/group/doctor_group.hpp"
#include "protocol/group/patient_group.hpp"
#include "tests/protocol/group/people.hpp"
#include "tests/protocol/handshake/clinic.hpp"
#include "tests/protocol/properties/any_message.hpp"

namespace wardline::test {
namespace {

using namespace protocol;

group_key copy(const group_key& k) { return {k.generation, k.ratchet, k.next_seq, k.gk.clone()}; }

/// One session of a patient, with every group key that it was ever sent.
struct member {
  patient_group view{the_doctor().public_part()};
  std::vector<group_key> keys;
  bool is_present = true;

  void take(const group_key& k) {
    keys.push_back(copy(k));
    RC_ASSERT(view.install(copy(k)).has_value());
  }
};

struct heard {
  bytes whole;
  broadcast_position position;
  bytes content;
  std::set<const member*> readers;
};

/// A doctor's group and all who ever were in it.
class ward {
 public:
  explicit ward(byte seed) : random_(seed) {}

  void join(const std::string& id) {
    leave_silently(id);
    auto& m = *members.emplace_back(std::make_unique<member>());
    present_[id] = &m;
    if (const auto key = group_.join(id, random_.make_secret<32>())) m.take(*key);
  }

  void leave(const std::string& id) {
    leave_silently(id);
    group_.leave(id);
  }

  void pass_an_hour() { now_ += 3'600'000; }

  void broadcast() {
    if (group_.needs_generation(now_)) {
      group_.open_generation(++generation_, now_);
      for (auto& [id, m] : present_) m->take(group_.current_key());
    }
    const auto slot = group_.take_slot();
    auto content = encode(any_content({content_type::text}, 300));
    auto sealed = seal_broadcast(the_doctor(), slot, content, random_);
    auto& h = broadcasts.emplace_back(
        heard{std::move(sealed.frame), slot.position, std::move(content), {}});
    for (auto& [id, m] : present_) h.readers.insert(m);
    highest_ratchet_ = std::max(highest_ratchet_, slot.position.ratchet);
  }

  /// All keys that a member can compute from those which it was sent.
  std::vector<broadcast_keys> reach(const member& m) const {
    std::vector<broadcast_keys> out;
    for (const auto& key : m.keys) {
      auto gk = key.gk.clone();
      for (auto step = key.ratchet; step <= highest_ratchet_ + 1; ++step) {
        out.push_back(derive_broadcast_keys(gk));
        gk = next_chain_key(gk);
      }
    }
    return out;
  }

  std::vector<std::unique_ptr<member>> members;
  std::vector<heard> broadcasts;

 private:
  void leave_silently(const std::string& id) {
    const auto found = present_.find(id);
    if (found == present_.end()) return;
    found->second->is_present = false;
    present_.erase(found);
  }

  seeded_random random_;
  std::uint32_t generation_ = 6;
  std::uint32_t highest_ratchet_ = 0;
  unix_ms now_ = clinic::opening;
  doctor_group group_{the_doctor().group_secret(), random_};
  std::map<std::string, member*> present_;
};

frame as_session_frame(const bytes& whole) { return *decode_frame(whole, session_frame_limit); }

bool can_open(const std::vector<broadcast_keys>& keys, const heard& h) {
  const auto doctor = crypto::shorten(the_doctor().own_fingerprint());
  return std::any_of(keys.begin(), keys.end(), [&](const broadcast_keys& k) {
    const broadcast_slot slot{h.position, {k.key.clone(), k.iv}};
    return open_broadcast(as_session_frame(h.whole), doctor, slot).has_value();
  });
}

void do_any(ward& w) {
  const std::string id(1, *rc::gen::elementOf(std::string("abcd")).as("who"));
  switch (*rc::gen::weightedElement<int>({{4, 0}, {2, 1}, {4, 2}, {1, 3}}).as("what")) {
    case 0:
      return w.join(id);
    case 1:
      return w.leave(id);
    case 2:
      return w.broadcast();
    default:
      return w.pass_an_hour();
  }
}

}  // namespace

TEST_CASE("whoever comes and goes, members read what is broadcast meanwhile and nobody else can") {
  property(
      [] {
        ward w(any<byte>());
        const auto steps = *rc::gen::inRange(0, 25).as("steps");
        for (int i = 0; i < steps; ++i) {
          const auto before = w.broadcasts.size();
          do_any(w);
          if (w.broadcasts.size() == before) continue;
          const auto& h = w.broadcasts.back();
          for (const auto& m : w.members) {
            const auto opened = m->view.open(as_session_frame(h.whole), {});
            RC_ASSERT(opened.has_value() == m->is_present);
            if (!opened) continue;
            RC_ASSERT(opened->broadcast.encoded_content == h.content);
            RC_ASSERT(opened->missed == 0U);
          }
        }
        // With all the keys that they ever had, and with what follows from them, as from outside.
        for (const auto& m : w.members) {
          const auto keys = w.reach(*m);
          for (const auto& h : w.broadcasts) {
            RC_ASSERT(can_open(keys, h) == (h.readers.count(m.get()) != 0));
          }
        }
      },
      40);
}

TEST_CASE("however broadcasts arrive, a member sees each once, in order, and knows of every gap") {
  property(
      [] {
        ward w(any<byte>());
        w.join("a");
        auto& m = *w.members.front();
        const auto steps = *rc::gen::inRange(1, 12).as("steps");
        for (int i = 0; i < steps; ++i) {
          // One generation: nobody leaves, and who joins has the ratchet moved.
          if (any<bool>()) w.join("b" + std::to_string(i));
          w.broadcast();
        }
        const auto& sent = w.broadcasts;
        std::uint64_t next = 0;
        std::set<std::uint64_t> seen;
        const auto arrivals = *rc::gen::inRange<std::size_t>(0, 2 * sent.size() + 1).as("arrivals");
        for (std::size_t i = 0; i < arrivals; ++i) {
          const auto& h = *rc::gen::elementOf(sent);
          const auto whole = any<bool>() ? h.whole : damaged(h.whole);
          const auto f = decode_frame(whole, session_frame_limit);
          if (!f || f->type != frame_type::broadcast) continue;
          const bool is_good = whole == h.whole && h.position.seq >= next;
          const auto opened = m.view.open(*f, {});
          RC_ASSERT(opened.has_value() == is_good);
          if (!is_good) continue;
          RC_ASSERT(opened->broadcast.encoded_content == h.content);
          RC_ASSERT(opened->missed == h.position.seq - next);
          next = h.position.seq + 1;
          seen.insert(h.position.seq);

          check state{};
          state.generation = h.position.generation;
          state.next_seq = next;
          RC_ASSERT(m.view.is_behind(state) == (seen.size() < next));
          state.next_seq = next + 1;
          RC_ASSERT(m.view.is_behind(state));
        }
        // What is missing comes again, one by one.
        for (const auto& h : sent) {
          if (h.position.seq < next && seen.insert(h.position.seq).second) {
            m.view.note_redelivered(h.position);
          }
        }
        check state{};
        state.generation = sent.front().position.generation;
        state.next_seq = next;
        RC_ASSERT(!m.view.is_behind(state));
      },
      60);
}

}  // namespace wardline::test
