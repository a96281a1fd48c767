// The simulated patients of the bench, against the real gateway: what load tests and figures rest
// on.
#include <algorithm>
#include <chrono>
#include <functional>

#include <nlohmann/json.hpp>

#include "bench/fanout/wardline_contestant.hpp"
#include "bench/harness/gateway.hpp"
#include "bench/harness/patient_crowd.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/records/records.hpp"
#include "tests/support/catch.hpp"

namespace wardline::test {
namespace {

using bench::patient_crowd;
using bench::sign_in_way;
using std::chrono::seconds;

constexpr seconds patience{60};

struct ward {
  explicit ward(std::size_t patients, std::vector<std::string> options = {},
                std::size_t verify_one_in = 1)
      : server(WARDLINE_DOCTOR_BINARY, crypto::group_id::ristretto255, std::move(options)),
        crowd(patients, crypto::group_id::ristretto255, verify_one_in) {
    server.enrol(crowd.identities());
    crowd.know(server.identity());
    server.start();
  }

  patient_crowd::sign_in_result sign_in(sign_in_way how = sign_in_way::full) {
    patient_crowd::sign_in_plan plan{server.port(), how};
    plan.at_once = 32;
    plan.patience = patience;
    return crowd.sign_in(plan);
  }

  /// The name of the message, once `expected` patients have decrypted it.
  std::string broadcast(const std::string& text, std::size_t expected) {
    const auto before = crowd.newest().message;
    const auto answer = server.ask(
        doctor::control::broadcast_request{text, protocol::priority::emergency, true, {}});
    REQUIRE(crowd.run(
        [&] { return crowd.newest().message != before && crowd.newest().decrypted == expected; },
        patience));
    CHECK(answer.at("message_id") == to_hex(crowd.newest().message.view()));
    return answer.at("message_id");
  }

  /// Whether so many of its recipients come to have it in this state.
  bool await_deliveries(const std::string& message, const std::string& state,
                        std::ptrdiff_t expected) {
    return await([&] {
      const auto answer = server.ask(doctor::control::deliveries_request{message});
      const auto& rows = answer.at("deliveries");
      return expected == std::count_if(rows.begin(), rows.end(),
                                       [&](const auto& row) { return row.at("state") == state; });
    });
  }

  bool await_connected(std::size_t expected) {
    return await(
        [&] { return server.ask(doctor::control::status_request{}).at("connected") == expected; });
  }

  /// Asks the gateway again and again; each answer is awaited.
  static bool await(const std::function<bool()>& holds) {
    const auto give_up = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > give_up) return false;
    }
    return true;
  }

  bench::gateway server;
  patient_crowd crowd;
};

}  // namespace

TEST_CASE("fifty simulated patients decrypt a broadcast, and the gateway has their receipts") {
  const std::size_t verify_one_in = GENERATE(std::size_t{1}, std::size_t{10});
  ward w(50, {}, verify_one_in);
  const auto result = w.sign_in();
  REQUIRE(result.established == 50);
  CHECK(result.resumed == 0);
  CHECK(result.failures.empty());
  CHECK(result.each_ms.size() == 50);
  CHECK(*std::max_element(result.each_ms.begin(), result.each_ms.end()) <= result.took_ms);

  for (const std::string text : {"first", "second"}) {
    const auto message = w.broadcast(text, 50);
    CHECK(w.await_deliveries(message, "decrypted", 50));
  }
  // Whoever leaves has the gateway make a new generation for the others.
  w.crowd.close(7);
  REQUIRE(w.await_connected(49));
  CHECK(w.await_deliveries(w.broadcast("third", 49), "decrypted", 49));
  CHECK(w.crowd.troubles().empty());
}

TEST_CASE("simulated patients come back by their tickets to a gateway that was started anew") {
  const bool politely = GENERATE(true, false);
  ward w(50);
  REQUIRE(w.sign_in().established == 50);
  if (politely) {
    w.server.stop();
    REQUIRE(w.crowd.run([&] { return w.crowd.in_session() == 0; }, patience));
    CHECK(w.crowd.troubles().at("shutting_down") == 50);
  } else {
    w.server.kill();
  }
  w.server.start();
  const auto result = w.sign_in(sign_in_way::by_ticket);
  CHECK(result.established == 50);
  CHECK(result.resumed == 50);
  CHECK(w.await_deliveries(w.broadcast("again", 50), "decrypted", 50));
}

TEST_CASE("a simulated patient whose ticket is refused signs in in full by itself") {
  ward w(3);
  REQUIRE(w.sign_in().established == 3);
  w.server.kill();
  {
    crypto::system_random random;
    doctor::records(w.server.directory(), random).tokens.drop("p00001");
  }
  w.server.start();
  const auto result = w.sign_in(sign_in_way::by_ticket);
  CHECK(result.established == 3);
  CHECK(result.resumed == 2);
  CHECK(result.retries == 1);
}

TEST_CASE("a simulated patient who is refused gives up, with the cause") {
  ward w(3);
  w.server.ask(doctor::control::block_request{"p00001"});
  const auto result = w.sign_in();
  CHECK(result.established == 2);
  CHECK(result.retries == 0);
  CHECK(result.failures == std::map<std::string, std::size_t>{{"refused", 1}});
}

TEST_CASE("simulated patients whom a full gateway turns away come back until they are in") {
  ward w(20, {"--max-connections", "2"});
  const auto result = w.sign_in();
  CHECK(result.established == 20);
  CHECK(result.retries > 0);
}

TEST_CASE(
    "a simulated patient that has fallen silent is missed, the others answer for themselves") {
  // So many that the gateway looks at a part of them in each turn; the last is not in the first.
  constexpr std::size_t all = 70;
  ward w(all, {"--heartbeat", "1s"});
  REQUIRE(w.sign_in().established == all);
  w.crowd.fall_silent(all - 1);
  const auto message = w.broadcast("who is there", all);
  CHECK(w.await_deliveries(message, "decrypted", all - 1));
  CHECK(w.await_deliveries(message, "sent", 1));

  REQUIRE(w.crowd.run([&] { return w.crowd.in_session() < all; }, patience));
  CHECK(w.crowd.in_session() == all - 1);
  CHECK(w.crowd.troubles() == std::map<std::string, std::size_t>{{"idle", 1}});
  CHECK_FALSE(w.crowd.patient(all - 1).is_in_session());
}

TEST_CASE("our contestant delivers to all who are connected, and to them alone") {
  bench::settings how;
  how.doctor = WARDLINE_DOCTOR_BINARY;
  bench::wardline_contestant ours(how);
  ours.connect(20);
  for (int i = 0; i < 3; ++i) {
    const auto d = ours.broadcast(bytes(256, 'x'));
    CHECK(d.last_ms > 0);
    CHECK(d.cpu_us > 0);
  }
}

TEST_CASE("a gateway that does not start says why") {
  bench::gateway missing("/nonexistent/doctor", crypto::group_id::ristretto255);
  CHECK_THROWS_AS(missing.start(), failure);
  bench::gateway wrong(WARDLINE_DOCTOR_BINARY, crypto::group_id::ristretto255, {"--nonsense"});
  try {
    wrong.start();
    FAIL("it started");
  } catch (const failure& why) {
    CHECK(std::string(why.what()).find("--nonsense") != std::string::npos);
  }
}

}  // namespace wardline::test
