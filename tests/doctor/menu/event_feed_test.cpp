#include "doctor/menu/event_feed.hpp"

#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;
using test::contains;

namespace {

struct screen {
  screen() : feed(io, hub, time, [this](const std::string& text) { shown.push_back(text); }) {}

  void receipt(const std::string& who, delivery_state state) {
    hub.publish(delivery_changed{{}, who, state, 0});
  }

  boost::asio::io_context io;
  event_hub hub;
  test::manual_clock time;
  std::vector<std::string> shown;
  menu::event_feed feed;
};

}  // namespace

TEST_CASE("an event is a sentence with its time, at once") {
  screen s;
  s.hub.publish(patient_disconnected{"p1", "goodbye"});
  REQUIRE(s.shown.size() == 1);
  CHECK(s.shown[0].size() == std::string("00:00:00 p1 said goodbye.").size());
  CHECK(contains(s.shown[0], " p1 said goodbye."));
}

TEST_CASE("receipts that come together are told together") {
  screen s;
  for (const auto* who : {"p1", "p2", "p3", "p4", "p5"}) s.receipt(who, delivery_state::decrypted);
  s.receipt("p1", delivery_state::acknowledged);
  CHECK(s.shown.empty());
  s.io.run();
  REQUIRE(s.shown.size() == 2);
  CHECK(contains(s.shown[0], "p1, p2, p3 and 2 others have decrypted message 00000000."));
  CHECK(contains(s.shown[1], "p1 has acknowledged message 00000000."));
}

TEST_CASE("nothing is told of what is merely on its way, and nothing twice") {
  screen s;
  s.receipt("p1", delivery_state::queued);
  s.receipt("p1", delivery_state::sent);
  s.feed.flush();
  CHECK(s.shown.empty());
  s.receipt("p1", delivery_state::decrypted);
  s.receipt("p2", delivery_state::decrypted);
  s.feed.flush();
  s.io.run();
  REQUIRE(s.shown.size() == 1);
  CHECK(contains(s.shown[0], "p1 and p2 have decrypted"));
}

TEST_CASE("what will never arrive is told at once") {
  screen s;
  s.receipt("p1", delivery_state::unreachable);
  REQUIRE(s.shown.size() == 1);
  CHECK(contains(s.shown[0], "cannot reach p1 any more"));
}

TEST_CASE("a feed that ends tells no more of what was due in the same moment") {
  boost::asio::io_context io;
  event_hub hub;
  const test::manual_clock time;
  std::vector<std::string> shown;
  auto feed = std::make_unique<menu::event_feed>(
      io, hub, time, [&](const std::string& text) { shown.push_back(text); });
  boost::asio::steady_timer end(io, milliseconds(0));
  end.async_wait([&](const boost::system::error_code&) { feed.reset(); });
  hub.publish(delivery_changed{{}, "p1", delivery_state::decrypted, 0});
  // Both timers are over when the loop first looks at them, this one's before the feed's.
  boost::asio::io_context elsewhere;
  boost::asio::steady_timer(elsewhere, milliseconds(600)).wait();
  io.run();
  CHECK(shown.empty());
}
