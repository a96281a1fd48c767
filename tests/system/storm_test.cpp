// A storm of sign-ins and a fan-out, at the size of a house, as a question of right and wrong: how
// long it takes is the bench's to say.
#include <map>
#include <mutex>

#include <nlohmann/json.hpp>

#include "bench/harness/gateway.hpp"
#include "bench/harness/patient_crowd.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/records/records.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"

namespace wardline::test {
namespace {

using bench::patient_crowd;
using bench::sign_in_way;

// A sanitizer looks at each patient as well as at a thousand, and takes ten times as long.
#if defined(WARDLINE_SANITIZED_ADDRESS) || defined(WARDLINE_SANITIZED_THREAD)
constexpr std::size_t patients = 100;
#else
constexpr std::size_t patients = 1'000;
#endif

// No measure: what ends a test that hangs. ctest's own limit is a little longer.
constexpr std::chrono::minutes patience{4};

using who_and_what = std::pair<std::string, std::string>;
/// How often each patient had each message, by their names.
using count_of_each = std::map<who_and_what, unsigned>;

/// Everybody once, for each of the messages.
count_of_each once_each(const std::vector<crypto::identity>& who,
                        const std::vector<std::string>& messages) {
  count_of_each out;
  for (const auto& message : messages)
    for (const auto& one : who) out[{one.id, message}] = 1;
  return out;
}

class house {
 public:
  house() {
    server_.enrol(crowd_.identities());
    crowd_.know(server_.identity());
    crowd_.listen({[this](std::size_t who, const protocol::message_id& message) {
                     ++decrypted_[{crowd_.patient(who).identity().id, to_hex(message.view())}];
                   },
                   [](auto, const auto&) {}});
    server_.listen([this](const std::string& line) { note(line); });
    server_.start();
  }

  void all_sign_in(sign_in_way how) {
    patient_crowd::sign_in_plan plan{server_.port(), how};
    plan.patience = patience;
    const auto result = crowd_.sign_in(plan);
    CHECK(result.failures.empty());  // nobody is refused for good
    REQUIRE(result.established == patients);
    CHECK(result.resumed == (how == sign_in_way::by_ticket ? patients : 0));
    const auto status = server_.ask(doctor::control::status_request{});
    CHECK(status.at("connected") == patients);
  }

  /// To all; returns when each of them has it, and the gateway every receipt.
  void broadcast(const std::string& text) {
    // Routine: an emergency that was lost would be sent again.
    const auto answer = server_.ask(
        doctor::control::broadcast_request{text, protocol::priority::routine, false, {}});
    CHECK(answer.at("recipients") == patients);
    const std::string message = answer.at("message_id");
    messages_.push_back(message);
    const auto id = protocol::message_id::from(from_hex(message).value());
    REQUIRE(id);
    REQUIRE(crowd_.run([&] { return crowd_.decrypted(*id) >= patients; }, patience));
    server_.await_receipts(message, patience);

    // The delivery board.
    const auto board = server_.ask(doctor::control::deliveries_request{message});
    CHECK(board.at("missing").empty());
    std::map<std::string, unsigned> receipts;
    for (const auto& row : board.at("deliveries")) {
      if (row.at("state") == "decrypted" && row.at("decrypted_at").is_number())
        ++receipts[row.at("patient")];
    }
    CHECK(receipts.size() == patients);
    CHECK(board.at("deliveries").size() == patients);
  }

  /// Politely; everybody is told, and all that it has said has been read.
  void stop() {
    server_.stop();
    REQUIRE(crowd_.run([&] { return crowd_.in_session() == 0; }, patience));
    check_records();
  }
  void start() { server_.start(); }

  void check_everything() {
    const auto expected = once_each(crowd_.identities(), messages_);
    CHECK((decrypted_ == expected));
    const std::scoped_lock lock(mutex_);
    CHECK((shown_ == expected));
    for (const auto& [line, count] : others_) FAIL_CHECK(line << ", " << count << " times");
    CHECK(crowd_.troubles() == std::map<std::string, std::size_t>{{"shutting_down", 2 * patients}});

    const auto verified = run_program({WARDLINE_DOCTOR_BINARY, "audit", "verify", "--id", "bench",
                                       "--data-dir", server_.directory().string()});
    CAPTURE(verified.output, verified.errors);
    CHECK(verified.status == 0);
  }

 private:
  // What the gateway prints, in the thread that reads it.
  void note(const std::string& line) {
    const auto event = nlohmann::json::parse(line);
    const std::scoped_lock lock(mutex_);
    const std::string name = event.at("event");
    if (name == "delivery") {
      if (event.at("state") == "decrypted") ++shown_[{event.at("patient"), event.at("message_id")}];
    } else if (name == "sign_in_failed") {
      // Section 10: busy is for the moment, and no failure of the patient's.
      if (event.at("cause") != "busy") ++others_[line];
    } else if (name != "patient_authenticated" && name != "patient_disconnected" &&
               name != "broadcast_sent") {
      ++others_[line];
    }
  }

  // The gateway's database, once nobody has it open.
  void check_records() {
    crypto::system_random random;
    doctor::records kept(server_.directory(), random);
    const auto all = kept.outbox.recent(messages_.size() + 1);
    REQUIRE(all.size() == messages_.size());
    count_of_each decrypted;
    for (const auto& message : all) {
      for (const auto& row : message.deliveries) {
        if (row.state == doctor::delivery_state::decrypted && row.decrypted_at)
          ++decrypted[{row.patient_id, to_hex(message.id.view())}];
      }
    }
    CHECK((decrypted == once_each(crowd_.identities(), messages_)));
  }

  // One in a hundred verifies signatures: each patient's own processor would do that for it.
  patient_crowd crowd_{patients, crypto::group_id::ristretto255, 100};
  std::vector<std::string> messages_;
  count_of_each decrypted_;
  std::mutex mutex_;
  count_of_each shown_;
  std::map<std::string, unsigned> others_;
  bench::gateway server_{WARDLINE_DOCTOR_BINARY, crypto::group_id::ristretto255};
};

}  // namespace

TEST_CASE("a house that signs in at once has each broadcast once, before and after a restart") {
  house all;
  all.all_sign_in(sign_in_way::full);
  all.broadcast("before");
  all.stop();
  all.start();
  all.all_sign_in(sign_in_way::by_ticket);
  all.broadcast("after");
  all.stop();
  all.check_everything();
}

}  // namespace wardline::test
