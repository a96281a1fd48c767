#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "doctor/control/client.hpp"
#include "tests/doctor/running_gateway.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;
using namespace wardline::doctor::control;
using test::running_gateway;
using json = nlohmann::ordered_json;

namespace {

json ask_gateway(const running_gateway& g, const request& r) {
  json out;
  REQUIRE(ask(g.directory(), r, out));
  return out;
}

std::string why_refused(const running_gateway& g, const request& r) {
  json out;
  return test::thrown_by<failure>([&] { (void)ask(g.directory(), r, out); }).what();
}

std::string id_of(const json& answer) { return answer.at("message_id").get<std::string>(); }

std::string accepted(running_gateway& g, std::optional<seconds> expires = std::nullopt) {
  return id_of(ask_gateway(
      g, broadcast_request{"take ten", protocol::priority::urgent, false, std::nullopt, expires}));
}

}  // namespace

TEST_CASE("a correction has the original's recipients, priority and end, unless it is said") {
  running_gateway g({"p1", "p2"});
  const auto id = accepted(g, seconds(3600));
  const auto out = ask_gateway(g, correct_request{id.substr(0, 8), "take two"});
  CHECK(out.at("corrects") == id);
  CHECK(out.at("recipients") == 2);
  const auto original = ask_gateway(g, deliveries_request{id});
  const auto correction = ask_gateway(g, deliveries_request{id_of(out)});
  CHECK(correction.at("text") == "take two");
  CHECK(correction.at("priority") == "urgent");
  CHECK(correction.at("kind") == "broadcast");
  CHECK(correction.at("expires") == original.at("expires"));
  CHECK(correction.at("created") > original.at("created"));
  CHECK(correction.at("corrects") == id);
  CHECK(correction.at("cancels").is_null());
  CHECK(original.at("corrects").is_null());
  CHECK(original.at("corrected_by") == id_of(out));
  CHECK(original.at("cancelled_by").is_null());
  for (const auto& d : original.at("deliveries")) CHECK(d.at("state") == "expired");

  // A correction of the correction is one of the original.
  const auto again = ask_gateway(
      g, correct_request{id_of(out), "take one", protocol::priority::emergency, seconds(0)});
  CHECK(again.at("corrects") == id);
  CHECK(again.at("missing") == json::array({"p1", "p2"}));
  CHECK(ask_gateway(g, deliveries_request{id_of(again)}).at("priority") == "emergency");
  CHECK(ask_gateway(g, deliveries_request{id}).at("corrected_by") == id_of(again));
}

TEST_CASE("what nobody was sent is cancelled without a word to anybody, and only once") {
  running_gateway g({"p1", "p2"});
  const auto id = accepted(g);
  const auto out = ask_gateway(g, cancel_request{id, "wrong ward"});
  CHECK(out.at("cancels") == id);
  CHECK(out.at("recipients") == 0);
  const auto original = ask_gateway(g, deliveries_request{id});
  CHECK(original.at("cancelled_by") == id_of(out));
  CHECK(ask_gateway(g, deliveries_request{id_of(out)}).at("text") == "wrong ward");

  for (const auto& which : {id, id_of(out)}) {
    CHECK(why_refused(g, cancel_request{which}) == "that message is cancelled already");
    CHECK(why_refused(g, correct_request{which, "x"}) == "that message is cancelled already");
  }
  CHECK(ask_gateway(g, deliveries_request{}).size() == 2);
}

TEST_CASE("what cannot be corrected is refused with words, and nothing has changed") {
  running_gateway g({"p1"});
  const auto id = accepted(g);
  const std::string unknown(32, 'e');
  CHECK(test::contains(why_refused(g, correct_request{unknown, "x"}), "no such message"));
  CHECK(test::contains(why_refused(g, cancel_request{unknown}), "no such message"));
  CHECK(test::contains(why_refused(g, correct_request{id, ""}), "empty"));
  CHECK(test::contains(why_refused(g, correct_request{id, std::string(57'985, 'x')}), "57984"));
  CHECK(test::contains(why_refused(g, cancel_request{id, std::string(57'985, 'x')}), "57984"));
  CHECK(test::contains(why_refused(g, cancel_request{id, "x", {}, longest_wait + seconds(1)}),
                       "a day at most"));
  CHECK(ask_gateway(g, deliveries_request{}).size() == 1);
  CHECK(ask_gateway(g, deliveries_request{id}).at("cancelled_by").is_null());
  CHECK(ask_gateway(g, correct_request{id, std::string(57'984, 'x')}).at("recipients") == 1);
}

TEST_CASE("a message that has expired is not corrected any more") {
  running_gateway g({"p1"});
  const auto id = id_of(ask_gateway(
      g, message_request{"p1", "hello", protocol::priority::routine, longest_wait, seconds(1)}));
  CHECK(why_refused(g, correct_request{id, "x"}) == "that message has expired");
  CHECK(why_refused(g, cancel_request{id}) == "that message has expired");
}

TEST_CASE("a wait for the original ends when it is corrected") {
  running_gateway g({"p1"});
  bool corrected = false;
  g.at([&](gateway& at) {
    at.events().subscribe([&](const event& e) {
      if (const auto* sent = std::get_if<broadcast_sent>(&e); sent != nullptr && !corrected) {
        corrected = true;
        boost::asio::post(g.io(), [&at, id = sent->message] { at.correct(id, "take two"); });
      }
    });
  });
  // The wait is as long as it may be: that it ends is what is tested.
  const auto out = ask_gateway(
      g, broadcast_request{"take ten", protocol::priority::routine, false, longest_wait});
  CHECK(out.at("missing") == json::array({"p1"}));
}

TEST_CASE("corrections and cancellations are audited with what they are about, without a word") {
  running_gateway g({"p1"});
  const auto direct = id_of(ask_gateway(g, message_request{"p1", "take ten"}));
  ask_gateway(g, correct_request{direct, "nobody else reads this"});
  const auto all = accepted(g);
  ask_gateway(g, cancel_request{all, "nobody else reads this"});
  std::vector<std::string> records;
  std::ifstream in(g.directory() / "audit.jsonl");
  for (std::string line; std::getline(in, line);) records.push_back(line);
  const auto count = [&](const std::string& what) {
    return std::count_if(records.begin(), records.end(),
                         [&](const auto& line) { return test::contains(line, what); });
  };
  CHECK(count("correction_accepted") == 1);
  CHECK(count("corrects=" + direct) == 1);
  CHECK(count("cancellation_accepted") == 1);
  CHECK(count("cancels=" + all) == 1);
  CHECK(count("nobody else") == 0);
}
