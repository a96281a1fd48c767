#include "doctor/dispatch.hpp"
#include "tests/doctor/hospital.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;
using test::hospital;
using test::seat;

TEST_CASE("a correction of a broadcast is a broadcast, and reaches who was away instead of it") {
  hospital h;
  auto& alice = h.join("alice");
  h.enrol("bob");
  const auto id = h.broadcast("take ten", {"alice", "bob"});
  h.run_until_sent(1);
  const auto done = h.amend(id, "take two");
  CHECK(done.recipients.size() == 2);
  h.run_until_sent(2);
  CHECK(alice.read_broadcast() == "take ten");
  CHECK(alice.read_broadcast() == "take two");
  CHECK(alice.about == id);
  CHECK(alice.missed == 0);

  auto& bob = h.join("bob");
  h.settle();
  const auto again = protocol::read_redelivery(bob.read_direct().body).value();
  CHECK(again.content.text() == "take two");
  CHECK(bob.at_doctor->backlog.empty());
  CHECK(bob.at_doctor->in_flight.size() == 1);
  CHECK(h.count<message_amended>() == 1);
  CHECK(h.count<delivery_changed>() == 2);  // expired, for both of them
}

TEST_CASE("a correction of a direct message is a direct one") {
  hospital h;
  auto& alice = h.join("alice");
  const protocol::content content{h.random.make<protocol::message_id>(),
                                  1,
                                  0,
                                  protocol::content_type::text,
                                  protocol::priority::routine,
                                  to_bytes(as_bytes("take ten"))};
  h.messages.direct(content, "alice");
  h.amend(content.id, "take two");
  h.settle();
  CHECK(as_text(alice.read_direct().body) == "take ten");
  const auto correction = alice.read_direct();
  CHECK(correction.type == protocol::content_type::correction);
  CHECK(correction.about() == content.id);
  CHECK(correction.text() == "take two");
}

TEST_CASE("a cancellation goes to whom the original went though the rows could not say so") {
  hospital h;
  h.join("alice");
  h.kept.database().execute(
      "CREATE TEMP TRIGGER full BEFORE INSERT ON deliveries"
      " BEGIN SELECT raise(ABORT, 'the disk is full'); END");
  const auto id = h.broadcast("take ten", {"alice"});
  h.kept.database().execute("DROP TRIGGER full");
  REQUIRE(h.kept.outbox.summary(id)->deliveries.at(0).state == delivery_state::queued);
  CHECK(h.amend(id).recipients == std::vector<std::string>{"alice"});
}

TEST_CASE("a cancellation goes to all if an earlier run may have sent the original") {
  hospital h;
  h.enrol("bob");
  const auto id = h.broadcast("take ten", {"bob"});
  h.run_until_sent(1);
  SECTION("this run did not") { CHECK(h.amend(id).recipients.empty()); }
  SECTION("an earlier one may have, and ended before it was recorded") {
    records reopened(h.directory.path(), h.random);
    CHECK(reopened.amendments.is_of_an_earlier_run(id));
    dispatch next(h.io, h.self, reopened, h.present, h.hub, h.time, h.random);
    const auto original = reopened.amendments.find(id).value();
    const auto done = next.amend({h.random.make<protocol::message_id>(), original.created + 1, 0,
                                  protocol::content_type::cancellation,
                                  protocol::priority::emergency, protocol::amendment_body(id, {})},
                                 original);
    CHECK(done.recipients == std::vector<std::string>{"bob"});
  }
}

TEST_CASE("a patient who asks is not sent again what was cancelled") {
  hospital h;
  auto& alice = h.join("alice");
  const auto id = h.broadcast("take ten", {"alice"});
  h.run_until_sent(1);
  h.amend(id);
  h.run_until_sent(2);
  h.time.advance(seconds(60));
  CHECK(alice.read_broadcast() == "take ten");
  CHECK(alice.read_broadcast().empty());
  h.messages.on_asked(*alice.at_doctor);
  h.settle();
  // The cancellation alone.
  const auto again = protocol::read_redelivery(alice.read_direct().body).value();
  CHECK(again.content.id == h.last);
  CHECK(alice.at_doctor->backlog.empty());
  CHECK(alice.socket.available() == 0);
}
