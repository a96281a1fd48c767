#include <algorithm>

#include "doctor/records/outbox.hpp"
#include "tests/doctor/records/home.hpp"

namespace wardline::doctor {
namespace {

using protocol::priority;
using protocol::receipt_state;
using test::home;
using test::message;

constexpr unix_ms now = 1'790'000'000'000;

outgoing with(byte id, priority p, unix_ms expires = 0) {
  auto content = test::content(id, "text", expires);
  content.priority = p;
  content.created = now;
  auto encoded = protocol::encode(content);
  return {std::move(content), std::move(encoded), false, std::nullopt, {}};
}

std::vector<std::string> names(const std::vector<outbox::undelivered>& rows) {
  std::vector<std::string> out;
  for (const auto& r : rows) out.push_back(r.patient_id);
  std::sort(out.begin(), out.end());
  return out;
}

using strings = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "an urgent message that is not confirmed becomes overdue once, sent or not, also over a "
    "restart") {
  home at;
  at->outbox.accept(with(1, priority::urgent), {"alice", "bob", "carol"});
  at->outbox.accept(with(2, priority::routine), {"alice"});
  at->outbox.sent(message(1), {"alice", "bob"}, now + 5);
  at->outbox.sent(message(2), {"alice"}, now + 5);
  at->outbox.receipts({{message(1), "bob", receipt_state::decrypted, now}});

  // It is sent again to who was sent it; that counts from then.
  CHECK(at->outbox.unconfirmed_since(now + 4).empty());
  CHECK(names(at->outbox.unconfirmed_since(now + 5)) == strings{"alice"});
  at->outbox.resent({{message(1), "alice"}}, now + 6);
  at.restart();
  CHECK(at->outbox.unconfirmed_since(now + 9).empty());

  // It is overdue for who was sent nothing, too; that counts from its acceptance.
  CHECK(at->outbox.take_overdue(now - 1, now + 2).empty());
  CHECK(at->outbox.overdue_messages() == 0);
  CHECK(names(at->outbox.take_overdue(now, now + 2)) == strings{"alice", "carol"});
  CHECK(at->outbox.take_overdue(now, now + 3).empty());
  at.restart();
  CHECK(at->outbox.take_overdue(now, now + 4).empty());
  CHECK(at->outbox.overdue_messages() == 1);

  auto summary = at->outbox.summary(message(1)).value();
  CHECK(summary.deliveries[0].overdue_at == now + 2);
  CHECK_FALSE(summary.deliveries[1].overdue_at.has_value());
  CHECK(summary.deliveries[0].state == delivery_state::sent);
  CHECK(summary.deliveries[2].overdue_at == now + 2);
  CHECK(summary.deliveries[2].state == delivery_state::queued);

  // A receipt that comes after all ends it; when it became overdue stays known.
  at->outbox.receipts({{message(1), "alice", receipt_state::decrypted, now + 5}});
  CHECK(at->outbox.overdue_messages() == 1);
  at->outbox.receipts({{message(1), "carol", receipt_state::decrypted, now + 5}});
  CHECK(at->outbox.overdue_messages() == 0);
  CHECK(at->outbox.summary(message(1)).value().deliveries[0].overdue_at == now + 2);
}

TEST_CASE("what has expired or cannot be reached any more does not become overdue") {
  home at;
  at->patients.enrol(test::patient("bob"), protocol::scope::all, now);
  at->outbox.accept(with(1, priority::emergency, now + 1), {"alice"});
  at->outbox.accept(with(2, priority::emergency), {"bob"});
  CHECK(at->outbox.expire(now + 1).size() == 1);
  at->patients.revoke("bob", now + 1);
  CHECK(at->outbox.take_overdue(now + 1, now + 1).empty());
  CHECK(at->outbox.overdue_messages() == 0);
}

TEST_CASE("who is enrolled later gets what is for newcomers, too, and still holds") {
  home at;
  at->outbox.accept(with(1, priority::routine), {"alice"});
  at->outbox.accept(with(2, priority::routine), {"alice"}, true);
  at->outbox.accept(with(3, priority::routine, now), {"alice"}, true);  // is over
  at->outbox.accept(with(4, priority::urgent, now + 1), {"alice"}, true);
  at->outbox.include("bob", now);
  at->outbox.include("bob", now);  // a row is there already
  CHECK(at->outbox.pending("bob", now, 10) == std::vector{message(2), message(4)});
  CHECK(at->outbox.unconfirmed("bob") == 2);
  CHECK_FALSE(at->outbox.is_recipient(message(1), "bob"));
}

}  // namespace wardline::doctor
