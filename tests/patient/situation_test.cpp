#include "patient/situation.hpp"

#include "tests/patient/people.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;
using namespace std::chrono_literals;
using patient::delivery_state;

namespace {

/// What the line says after each of the events, with time that the test moves.
struct line {
  explicit line(std::string doctor = {}, std::vector<protocol::message_id> unsent = {})
      : state(std::move(doctor), unsent) {}
  std::string after(const patient::event& e) {
    state.follow(e, now);
    return state.words(now);
  }
  std::string later(milliseconds by) { return state.words(now += by); }

  patient::situation state;
  patient::situation::time_point now{};
};

const auto key = [] { return make_doctor(1).own_fingerprint(); };

}  // namespace

TEST_CASE("the state line says each step to a session") {
  line l;
  CHECK(l.state.words(l.now) == "Not connected");
  CHECK(l.after(patient::connecting{"h:1"}) == "Connecting to the doctor's gateway at h:1");
  CHECK(l.after(patient::connected{"h:1"}) == "Signing in with the doctor");
  CHECK(l.after(patient::doctor_pinned{"dr-lee", key()}) == "Signing in with dr-lee");
  CHECK(l.after(patient::waiting{600s, key()}) ==
        "Waiting for dr-lee to admit you, for 10m at most");
  CHECK(l.later(61s) == "Waiting for dr-lee to admit you, for 8m 59s at most");
  CHECK_FALSE(l.state.is_signed_in());
  CHECK(l.after(patient::authenticated{false, "dr-lee", key()}) == "Signed in with dr-lee");
  CHECK(l.state.is_signed_in());
  CHECK(l.state.doctor_key() == key());
  CHECK(l.state.own_key() == key());
}

TEST_CASE("the state line counts down to the next try, and says why there is one") {
  line l("dr-lee");
  l.after(patient::connecting{"h:1"});
  CHECK(l.after(patient::disconnected{"unavailable", "refused", 7'600ms}) ==
        "dr-lee's gateway cannot be reached; trying again in 8s");
  CHECK(l.later(3'000ms) == "dr-lee's gateway cannot be reached; trying again in 5s");
  CHECK(l.later(4'600ms) == "dr-lee's gateway cannot be reached; trying again now");
  CHECK(l.later(60'000ms) == "dr-lee's gateway cannot be reached; trying again now");
  CHECK(l.after(patient::connecting{"h:1"}) ==
        "dr-lee's gateway cannot be reached; trying again now");
  l.after(patient::authenticated{true, "dr-lee", key()});
  CHECK(l.after(patient::disconnected{"connection_lost", {}, 0ms}) ==
        "The connection to dr-lee is lost; trying again now");
  CHECK_FALSE(l.state.is_signed_in());
  CHECK(l.after(patient::disconnected{"goodbye", {}, {}}) ==
        "You are disconnected; this is not tried again");
}

TEST_CASE("the state line counts the messages that the doctor has not got") {
  line l("dr-lee", {make_id(1)});
  l.after(patient::connecting{"h:1"});
  CHECK(l.after(patient::disconnected{"unavailable", {}, 8s}) ==
        "dr-lee's gateway cannot be reached; trying again in 8s; 1 message waits to be sent");
  CHECK(contains(l.after(patient::delivery_changed{make_id(2), delivery_state::queued, 1}),
                 "; 2 messages wait to be sent"));
  CHECK(l.after(patient::authenticated{false, "dr-lee", key()}) ==
        "Signed in with dr-lee; 2 messages are on their way");
  l.after(patient::delivery_changed{make_id(1), delivery_state::sent, 1});
  CHECK(l.after(patient::delivery_changed{make_id(1), delivery_state::decrypted, 1}) ==
        "Signed in with dr-lee; 1 message is on its way");
  CHECK(l.after(patient::delivery_changed{make_id(2), delivery_state::acknowledged, 1}) ==
        "Signed in with dr-lee");
}

TEST_CASE("the state line tells of a broadcast that is missing until it has come") {
  line l("dr-lee");
  l.after(patient::authenticated{false, "dr-lee", key()});
  CHECK(contains(l.after(patient::broadcast_missing{}), "NOT arrived"));
  CHECK(l.after(patient::broadcasts_complete{}) == "Signed in with dr-lee");
  l.after(patient::broadcast_missing{});
  CHECK_FALSE(contains(l.after(patient::disconnected{"idle", {}, 1s}), "NOT arrived"));
}

TEST_CASE("nothing of a peer's reaches the terminal raw") {
  line l("dr\x1b[2J");
  const auto words = l.after(patient::disconnected{"\x1b]0;x\x07", "\x1b[2J", 1s});
  CHECK_FALSE(contains(words, "\x1b"));
  CHECK_FALSE(contains(words, "\x07"));
}
