#include "doctor/records/invites.hpp"

#include "common/crypto/constant_time.hpp"
#include "tests/doctor/records/home.hpp"

namespace wardline::doctor {
namespace {

using test::home;

constexpr unix_ms now = 1'700'000'000'000;

bool is(const protocol::invite_secret& found, byte wanted) {
  return crypto::equal_in_constant_time(found.view(), test::secret_of<16>(wanted).view());
}

}  // namespace

TEST_CASE("an open invite is found again after a restart, with its secret") {
  home at;
  at->invites.create("alice", test::secret_of<16>(7), now, now + 1000);
  at.restart();
  const auto found = at->invites.find("alice");
  REQUIRE(found);
  CHECK(is(found->secret, 7));
  CHECK(found->expires == now + 1000);
  CHECK_FALSE(at->invites.find("bob"));
}

TEST_CASE("a new invite for an id replaces the old one") {
  home at;
  at->invites.create("alice", test::secret_of<16>(1), now, now + 1000);
  at->invites.create("alice", test::secret_of<16>(2), now + 1, now + 2000);
  CHECK(at->invites.all().size() == 1);
  CHECK(is(at->invites.find("alice")->secret, 2));
  CHECK(at->invites.find("alice")->expires == now + 2000);
  CHECK_FALSE(at->invites.spend("alice", test::secret_of<16>(1)));
  CHECK(at->invites.spend("alice", test::secret_of<16>(2)));
}

TEST_CASE("an invite works once") {
  home at;
  at->invites.create("alice", test::secret_of<16>(7), now, now + 1000);
  CHECK_FALSE(at->invites.spend("bob", test::secret_of<16>(7)));
  CHECK(at->invites.spend("alice", test::secret_of<16>(7)));
  CHECK_FALSE(at->invites.spend("alice", test::secret_of<16>(7)));
  at.restart();
  CHECK_FALSE(at->invites.find("alice"));
  CHECK_FALSE(at->invites.spend("alice", test::secret_of<16>(7)));
}

TEST_CASE("a wrong secret spends nothing") {
  home at;
  at->invites.create("alice", test::secret_of<16>(7), now, now + 1000);
  CHECK_FALSE(at->invites.spend("alice", test::secret_of<16>(8)));
  CHECK(at->invites.find("alice"));
}

TEST_CASE("an invite can be withdrawn") {
  home at;
  at->invites.create("alice", test::secret_of<16>(7), now, now + 1000);
  CHECK(at->invites.withdraw("alice"));
  CHECK_FALSE(at->invites.withdraw("alice"));
  CHECK_FALSE(at->invites.find("alice"));
}

TEST_CASE("expired invites are found until they are forgotten") {
  home at;
  at->invites.create("alice", test::secret_of<16>(1), now, now + 10);
  at->invites.create("bob", test::secret_of<16>(2), now, now + 11);
  at->invites.create("carol", test::secret_of<16>(3), now, UINT64_MAX);
  CHECK(at->invites.find("alice")->expires == now + 10);
  at->invites.forget_expired(now + 10);
  const auto left = at->invites.all();
  REQUIRE(left.size() == 2);
  CHECK(left[0].patient_id == "bob");
  CHECK(left[0].created == now);
  CHECK(left[0].expires == now + 11);
  CHECK(left[1].patient_id == "carol");
  CHECK(left[1].expires == UINT64_MAX);
  at->invites.forget_expired(UINT64_MAX);
  CHECK(at->invites.all().size() == 1);
}

TEST_CASE("an invite's secret that was moved to another id is refused") {
  home at;
  at->invites.create("alice", test::secret_of<16>(1), now, now + 10);
  at->invites.create("mallory", test::secret_of<16>(2), now, now + 10);
  at.tamper(
      "UPDATE invites SET secret = (SELECT secret FROM invites WHERE patient = 'mallory')"
      " WHERE patient = 'alice'");
  const auto e = test::thrown_by<store::error>([&] { (void)at->invites.find("alice"); });
  CHECK(e.kind() == store::error_kind::corrupt);
  CHECK(test::contains(e.what(), "the invite of alice does not open"));
  CHECK(test::contains(e.hint(), "backup"));
}

}  // namespace wardline::doctor
