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
    "an urgent message that was sent and is not confirmed becomes overdue once, also over a "
    "restart") {
  home at;
  at->outbox.accept(with(1, priority::urgent), {"alice", "bob", "carol"});
  at->outbox.accept(with(2, priority::routine), {"alice"});
  at->outbox.sent(message(1), {"alice", "bob"}, now);
  at->outbox.sent(message(2), {"alice"}, now);
  at->outbox.receipts({{message(1), "bob", receipt_state::decrypted, now}});

  CHECK(at->outbox.unconfirmed_since(now - 1).empty());
  CHECK(names(at->outbox.unconfirmed_since(now)) == strings{"alice"});
  at->outbox.resent({{message(1), "alice"}}, now + 1);
  at.restart();
  CHECK(at->outbox.unconfirmed_since(now).empty());

  CHECK(at->outbox.take_overdue(now - 1, now + 2).empty());
  CHECK(names(at->outbox.take_overdue(now, now + 2)) == strings{"alice"});
  CHECK(at->outbox.take_overdue(now, now + 3).empty());
  at.restart();
  CHECK(at->outbox.take_overdue(now, now + 4).empty());

  const auto summary = at->outbox.summary(message(1)).value();
  CHECK(summary.deliveries[0].overdue_at == now + 2);
  CHECK_FALSE(summary.deliveries[1].overdue_at.has_value());
  CHECK(summary.deliveries[0].state == delivery_state::sent);
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
