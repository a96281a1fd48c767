#include <nlohmann/json.hpp>

#include "doctor/control/client.hpp"
#include "tests/doctor/running_gateway.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;
using namespace wardline::doctor::control;
using test::running_gateway;
using test::thrown_by;
using json = nlohmann::ordered_json;

namespace {

json ask_gateway(const running_gateway& g, const request& r) {
  json out;
  REQUIRE(ask(g.directory(), r, out));
  return out;
}

message_request to(const std::string& patient, std::optional<seconds> wait,
                   std::optional<seconds> expires) {
  return {patient, "hello", protocol::priority::routine, wait, expires};
}

std::vector<delivery_changed>& watch(running_gateway& g, std::vector<delivery_changed>& seen) {
  g.at([&](gateway& at) {
    at.events().subscribe([&seen](const event& e) {
      if (const auto* change = std::get_if<delivery_changed>(&e)) seen.push_back(*change);
    });
  });
  return seen;
}

}  // namespace

TEST_CASE("a wait ends when the message has expired, and the event says for whom") {
  std::vector<delivery_changed> seen;
  running_gateway g({"p1"});
  watch(g, seen);
  // The wait is as long as it may be: that it ends is what is tested.
  const auto out = ask_gateway(g, to("p1", longest_wait, seconds(1)));
  CHECK(out.at("missing") == json::array({"p1"}));
  const auto after = g.at([&](gateway& at) {
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].patient == "p1");
    CHECK(seen[0].state == delivery_state::expired);
    return at.delivery(seen[0].message);
  });
  CHECK(after.deliveries.at(0).state == delivery_state::expired);
  CHECK(after.expires == after.created + 1000);
}

TEST_CASE("a wait ends when the patient is revoked, and the event says that it is unreachable") {
  std::vector<delivery_changed> seen;
  running_gateway g({"p1", "p2"});
  watch(g, seen);
  ask_gateway(g, to("p2", std::nullopt, std::nullopt));
  // The revocation comes a moment after the wait has begun.
  g.at([&](gateway& at) {
    at.events().subscribe([&](const event& e) {
      if (std::holds_alternative<broadcast_sent>(e))
        boost::asio::post(g.io(), [&at] { at.revoke("p1"); });
    });
  });
  const auto out = ask_gateway(
      g, broadcast_request{"hello", protocol::priority::routine, false, longest_wait, seconds(1)});
  CHECK(out.at("missing") == json::array({"p1", "p2"}));
  g.at([&](gateway&) {
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].patient == "p1");
    CHECK(seen[0].state == delivery_state::unreachable);
    CHECK(seen[1].patient == "p2");
    CHECK(seen[1].state == delivery_state::expired);
  });
}

TEST_CASE("a message that would expire at once, or after more than a year, is refused") {
  const running_gateway g({"p1"});
  json out;
  for (const auto after : {seconds(0), longest_expiry + seconds(1)})
    CHECK_THROWS_AS(ask(g.directory(), to("p1", std::nullopt, after), out), failure);
  CHECK(ask_gateway(g, deliveries_request{}).empty());
}
