#include "doctor/records/tokens.hpp"

#include "common/crypto/constant_time.hpp"
#include "tests/doctor/records/home.hpp"

namespace wardline::doctor {
namespace {

using test::home;
using test::patient;

constexpr unix_ms now = 1'700'000'000'000;
constexpr byte_array<32> token_a{1};
constexpr byte_array<32> token_b{2};

struct fixture {
  home at;

  fixture() {
    at->patients.enrol(patient("alice"), protocol::scope::all, now);
    at->patients.enrol(patient("bob"), protocol::scope::all, now);
  }

  void keep(const std::string& id, byte_view token, byte rs, unix_ms expires = now + 1000) {
    at->tokens.keep(id, token, test::secret_of<32>(rs), protocol::scope::all, expires, now - 5);
  }
};

bool is(const protocol::resumption_secret& found, byte wanted) {
  return crypto::equal_in_constant_time(found.view(), test::secret_of<32>(wanted).view());
}

}  // namespace

TEST_CASE("a token is found again after a restart, with all that belongs to it") {
  fixture f;
  f.keep("alice", token_a, 7);
  f.at.restart();
  const auto found = f.at->tokens.find(token_a);
  REQUIRE(found);
  CHECK(found->patient == patient("alice"));
  CHECK(is(found->secret, 7));
  CHECK(found->scopes == protocol::scope::all);
  CHECK(found->expires == now + 1000);
  CHECK(found->chain_began == now - 5);
  CHECK_FALSE(f.at->tokens.find(token_b));
  CHECK_FALSE(f.at->tokens.find({}));
}

TEST_CASE("a token is spent once, also across a restart") {
  fixture f;
  f.keep("alice", token_a, 7);
  CHECK_FALSE(f.at->tokens.spend(token_b));
  CHECK(f.at->tokens.spend(token_a));
  CHECK_FALSE(f.at->tokens.spend(token_a));
  f.at.restart();
  CHECK_FALSE(f.at->tokens.spend(token_a));
  CHECK_FALSE(f.at->tokens.find(token_a));
}

TEST_CASE("a patient has one token: a new one replaces the old") {
  fixture f;
  f.keep("alice", token_a, 7);
  f.keep("alice", token_b, 8, now + 2000);
  CHECK_FALSE(f.at->tokens.find(token_a));
  CHECK_FALSE(f.at->tokens.spend(token_a));
  const auto found = f.at->tokens.find(token_b);
  REQUIRE(found);
  CHECK(is(found->secret, 8));
  CHECK(found->expires == now + 2000);
}

TEST_CASE("a token's scopes are never more than the patient's present rights") {
  fixture f;
  f.at->tokens.keep("alice", token_a, test::secret_of<32>(7),
                    protocol::scope::send_text | protocol::scope::receive_broadcasts, now + 1000,
                    now);
  CHECK(f.at->tokens.find(token_a)->scopes ==
        (protocol::scope::send_text | protocol::scope::receive_broadcasts));
  f.at->patients.enrol(patient("alice"), protocol::scope::send_text | protocol::scope::send_vitals,
                       now);
  CHECK(f.at->tokens.find(token_a)->scopes == protocol::scope::send_text);
}

TEST_CASE("a token is never kept for somebody who is not enrolled") {
  fixture f;
  CHECK_THROWS_AS(f.keep("mallory", token_a, 7), store::error);
  CHECK_FALSE(f.at->tokens.find(token_a));
}

TEST_CASE("a token can be dropped") {
  fixture f;
  f.keep("alice", token_a, 7);
  f.keep("bob", token_b, 8);
  f.at->tokens.drop("alice");
  CHECK_FALSE(f.at->tokens.find(token_a));
  CHECK(f.at->tokens.find(token_b));
}

TEST_CASE("expired tokens are returned until they are forgotten") {
  fixture f;
  f.keep("alice", token_a, 7, now);
  f.keep("bob", token_b, 8, now + 1);
  CHECK(f.at->tokens.find(token_a)->expires == now);
  f.at->tokens.forget_expired(now);
  CHECK_FALSE(f.at->tokens.find(token_a));
  CHECK(f.at->tokens.find(token_b));
}

TEST_CASE("a resumption secret that was moved to another patient's row is refused") {
  fixture f;
  f.keep("alice", token_a, 7);
  f.keep("bob", token_b, 8);
  SECTION("the secret alone") {
    f.at.tamper(
        "UPDATE tokens SET secret = (SELECT secret FROM tokens WHERE patient = 'bob')"
        " WHERE patient = 'alice'");
  }
  SECTION("the whole token") {
    f.at.tamper(
        "DELETE FROM tokens WHERE patient = 'bob';"
        "UPDATE tokens SET patient = 'bob' WHERE patient = 'alice'");
  }
  const auto e = test::thrown_by<store::error>([&] { (void)f.at->tokens.find(token_a); });
  CHECK(e.kind() == store::error_kind::corrupt);
  CHECK(test::contains(e.what(), "resumption secret"));
}

}  // namespace wardline::doctor
