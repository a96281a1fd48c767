#include "doctor/records/under_way.hpp"

#include "doctor/records/outbox.hpp"
#include "tests/doctor/records/home.hpp"

namespace wardline::doctor {
namespace {

using test::message;

constexpr unix_ms now = 1'790'000'000'000;

}  // namespace

TEST_CASE("a receipt is under way from the sending until it has come") {
  test::home at;
  auto content = test::content(1, "text", 0);
  content.created = now;
  auto encoded = protocol::encode(content);
  at->outbox.accept({std::move(content), std::move(encoded), false, std::nullopt, {}}, {"alice"});
  const auto under_way = [&](unix_ms since) {
    return has_receipts_under_way(at->database(), since);
  };
  CHECK_FALSE(under_way(now));
  at->outbox.sent(message(1), {"alice"}, now + 5);
  CHECK(under_way(now + 5));
  CHECK_FALSE(under_way(now + 6));
  at->outbox.receipts({{message(1), "alice", protocol::receipt_state::decrypted, now + 7}});
  CHECK_FALSE(under_way(now));
}

}  // namespace wardline::doctor
