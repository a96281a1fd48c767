// Section 9's delivery states: over any sequence of events a delivery moves forward only, and as a
// model of a few lines says.
#include <map>

#include "tests/doctor/records/home.hpp"
#include "tests/support/property.hpp"

namespace wardline::doctor {
namespace {

using test::home;
using test::property;

struct model {
  delivery_state state = delivery_state::queued;
  std::optional<unix_ms> sent_at, decrypted_at, acknowledged_at;

  bool is_undelivered() const {
    return state == delivery_state::queued || state == delivery_state::sent;
  }
  void sent(unix_ms t) {
    if (state != delivery_state::queued) return;
    state = delivery_state::sent;
    sent_at = t;
  }
  bool receipt(protocol::receipt_state which, unix_ms t) {
    if (which == protocol::receipt_state::decrypted) {
      if (!is_undelivered() && state != delivery_state::expired) return false;
      state = delivery_state::decrypted;
      decrypted_at = t;
      return true;
    }
    if (state == delivery_state::acknowledged) return false;
    state = delivery_state::acknowledged;
    acknowledged_at = t;
    if (!decrypted_at) decrypted_at = t;
    return true;
  }
};

int rank(delivery_state s) {
  switch (s) {
    case delivery_state::queued:
      return 0;
    case delivery_state::sent:
      return 1;
    case delivery_state::expired:
      return 2;
    case delivery_state::decrypted:
      return 3;
    default:
      return 4;
  }
}

}  // namespace

TEST_CASE("over any sequence of events a delivery goes forward only, as section 9 says") {
  home at;
  unix_ms now = 1'700'000'000'000;
  std::uint32_t messages = 0;
  property(
      [&] {
        // One database for all cases; each has messages of its own, later than those before.
        const std::vector<std::string> patients{"a", "b"};
        protocol::message_id id;
        const auto number = big_endian<4>(++messages);
        std::copy(number.begin(), number.end(), id.value.begin());
        auto content = test::content(0, "text");
        content.id = id;
        content.created = ++now;
        const bool expires = *rc::gen::arbitrary<bool>().as("expires");
        content.expires = expires ? now + 20 : 0;
        at->outbox.accept(test::direct(content), patients);

        std::map<std::string, model> expected{{"a", {}}, {"b", {}}};
        bool is_over = false;
        const auto steps = *rc::gen::inRange(0, 14).as("steps");
        for (int i = 0; i < steps; ++i) {
          now += *rc::gen::inRange<unix_ms>(0, 6);
          const auto who = *rc::gen::elementOf(patients);
          const auto before = expected.at(who).state;
          switch (*rc::gen::inRange(0, 5).as("event")) {
            case 0:
              at->outbox.sent(id, {who}, now);
              expected.at(who).sent(now);
              break;
            case 1:
            case 2: {
              const auto which = *rc::gen::element(protocol::receipt_state::decrypted,
                                                   protocol::receipt_state::acknowledged);
              const auto changed = at->outbox.receipts({{id, who, which, now}});
              RC_ASSERT(changed.size() == (expected.at(who).receipt(which, now) ? 1U : 0U));
              break;
            }
            case 3: {
              const auto gone = at->outbox.expire(now);
              std::size_t ours = 0;
              if (expires && content.expires <= now && !is_over) {
                is_over = true;
                for (auto& [name, m] : expected) {
                  if (!m.is_undelivered()) continue;
                  m.state = delivery_state::expired;
                  ++ours;
                }
              }
              RC_ASSERT(static_cast<std::size_t>(
                            std::count_if(gone.begin(), gone.end(),
                                          [&](const auto& g) { return g.message == id; })) == ours);
              break;
            }
            default:
              at.restart();
          }
          RC_ASSERT(rank(expected.at(who).state) >= rank(before));
          const auto summary = at->outbox.summary(id);
          for (const auto& d : summary->deliveries) {
            const auto& m = expected.at(d.patient_id);
            RC_ASSERT(d.state == m.state);
            RC_ASSERT(d.sent_at == m.sent_at);
            RC_ASSERT(d.decrypted_at == m.decrypted_at);
            RC_ASSERT(d.acknowledged_at == m.acknowledged_at);
            const auto pending = at->outbox.pending(d.patient_id, now, 1'000'000);
            const bool holds = !expires || content.expires > now;
            RC_ASSERT((std::count(pending.begin(), pending.end(), id) == 1) ==
                      (m.is_undelivered() && holds));
          }
        }
      },
      40);
}

}  // namespace wardline::doctor
