#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "doctor/control/client.hpp"
#include "doctor/make_invite.hpp"
#include "doctor/records/schema.hpp"
#include "tests/doctor/records/home.hpp"
#include "tests/doctor/running_gateway.hpp"

namespace wardline::doctor {
namespace {

using json = nlohmann::ordered_json;

std::vector<json> records_of(const std::filesystem::path& directory) {
  std::vector<json> out;
  std::ifstream in(directory / "audit.jsonl");
  for (std::string line; std::getline(in, line);) {
    auto r = json::parse(line);
    if (r.contains("number")) out.push_back(std::move(r));
  }
  return out;
}

/// After the two records of the start, these acts (event, whom) were refused for a reason; nothing
/// holds the text.
void check_refused(const test::running_gateway& g,
                   const std::vector<std::pair<std::string, std::string>>& expected,
                   const std::string& text) {
  const auto records = records_of(g.directory());
  REQUIRE(records.size() == expected.size() + 2);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto& r = records[i + 2];
    CHECK(r.at("event") == expected[i].first);
    CHECK(r.at("whom") == expected[i].second);
    CHECK(r.at("actor") == "operator");
    CHECK(r.at("result") == "refused");
    CHECK_FALSE(r.at("reason").get<std::string>().empty());
    CHECK(r.dump().find(text) == std::string::npos);
  }
}

}  // namespace

TEST_CASE("every act of the operator leaves a record") {
  test::running_gateway g({"p1", "p2"});
  g.at([](gateway& at) {
    at.invite("p3", seconds(3600), "127.0.0.1");
    at.withdraw_invite("p3");
    at.block("p1");
    at.unblock("p1");
    at.message("p1", "nobody else reads this", protocol::priority::urgent);
    at.broadcast("nobody else reads this", {});
    at.revoke("p2");
    at.disconnect_all();
  });
  const std::vector<std::pair<std::string, std::string>> expected{
      {"gateway_started", ""},    {"configuration", ""},      {"invite_made", "p3"},
      {"invite_withdrawn", "p3"}, {"blocked", "p1"},          {"unblocked", "p1"},
      {"message_accepted", "p1"}, {"broadcast_accepted", ""}, {"revoked", "p2"},
      {"disconnected", "*"}};
  const auto records = records_of(g.directory());
  REQUIRE(records.size() == expected.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    CHECK(records[i].at("event") == expected[i].first);
    CHECK(records[i].at("whom") == expected[i].second);
    CHECK(records[i].at("actor") == (i < 2 ? "gateway" : "operator"));
    CHECK(records[i].dump().find("nobody else") == std::string::npos);
  }
  CHECK(records[6].at("detail").get<std::string>().find("size=22 recipients=1 priority=urgent") !=
        std::string::npos);
  CHECK(records[7].at("detail").get<std::string>().find("recipients=2") != std::string::npos);
  CHECK(records[1].at("before") == "");
  CHECK(records[1].at("after").get<std::string>().find("clock_window=30") == 0);
}

TEST_CASE("every act that the operator was refused leaves a record that says why") {
  test::running_gateway g({"p1"});
  const std::string too_long(100'000, 'x');
  g.at([&](gateway& at) {
    CHECK_THROWS_AS(at.invite("p1", seconds(3600), "127.0.0.1"), failure);
    CHECK_THROWS_AS(at.withdraw_invite("p3"), failure);
    CHECK_THROWS_AS(at.admit("p3", "", false), failure);
    CHECK_THROWS_AS(at.refuse("p3", ""), failure);
    CHECK_THROWS_AS(at.block("nobody"), failure);
    CHECK_THROWS_AS(at.unblock("p1"), failure);
    CHECK_THROWS_AS(at.revoke("nobody"), failure);
    CHECK_THROWS_AS(at.disconnect("p1"), failure);
    CHECK_THROWS_AS(at.broadcast(too_long, {}), failure);
    CHECK_THROWS_AS(at.message("nobody", "x", protocol::priority::routine), failure);
  });
  const std::vector<std::pair<std::string, std::string>> expected{
      {"invite_made", "p1"},      {"invite_withdrawn", "p3"},
      {"admitted", "p3"},         {"refused", "p3"},
      {"blocked", "nobody"},      {"unblocked", "p1"},
      {"revoked", "nobody"},      {"disconnected", "p1"},
      {"broadcast_accepted", ""}, {"message_accepted", "nobody"}};
  check_refused(g, expected, too_long.substr(0, 100));
}

TEST_CASE("a command that never becomes an act leaves a record, too") {
  test::running_gateway g({"p1"});
  const auto is_refused = [&](const control::request& r) {
    json ignored;
    CHECK_THROWS_AS(control::ask(g.directory(), r, ignored), failure);
  };
  control::broadcast_request for_a_century{"nobody reads this"};
  for_a_century.expires = control::longest_expiry + seconds(1);
  is_refused(for_a_century);
  control::message_request waiting_for_years{"p1", "nobody reads this"};
  waiting_for_years.wait = control::longest_wait + seconds(1);
  is_refused(waiting_for_years);
  is_refused(control::correct_request{"00000000", "nobody reads this"});
  is_refused(control::cancel_request{"00000000", "nobody reads this"});
  is_refused(control::block_request{"not an id"});

  const std::vector<std::pair<std::string, std::string>> expected{
      {"broadcast_accepted", ""},
      {"message_accepted", "p1"},
      {"correction_accepted", "00000000"},
      {"cancellation_accepted", "00000000"},
      {"command_refused", ""}};
  check_refused(g, expected, "nobody reads");
}

TEST_CASE("an act that cannot be audited does not happen") {
  test::home at;
  at.tamper("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'full'); END");
  crypto::system_random random;
  CHECK_THROWS_AS(
      make_invite(*at, {}, "p1", seconds(3600), {"127.0.0.1", 7460}, system_clock(), random),
      store::error);
  CHECK(at->invites.all().empty());
}

TEST_CASE("an act that cannot be audited leaves the patient as they were") {
  test::running_gateway g({"p1"});
  {
    store::database other(g.directory() / "doctor.db", schema::application_id, schema::migrations);
    other.execute(
        "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'full'); END");
  }
  g.at([](gateway& at) {
    CHECK_THROWS_AS(at.block("p1"), failure);
    CHECK_THROWS_AS(at.revoke("p1"), failure);
    CHECK_THROWS_AS(at.broadcast("x", {}), failure);
    REQUIRE(at.patients().size() == 1);
    CHECK_FALSE(at.patients().front().blocked);
    CHECK(at.deliveries(10).empty());
  });
}

}  // namespace wardline::doctor
