#include "doctor/dispatch.hpp"

#include "tests/doctor/hospital.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;
using test::hospital;
using test::seat;

TEST_CASE("a broadcast is on its way before the rows say so") {
  hospital h;
  const auto& alice = h.join("alice");
  h.settle();
  const auto before = alice.socket.available();  // group keys
  std::size_t when_told = 0;
  h.hub.subscribe([&](const event& e) {
    if (std::holds_alternative<broadcast_sent>(e)) when_told = alice.socket.available();
  });
  const auto id = h.broadcast("now", {"alice"});
  h.run_until_sent(1);
  CHECK(when_told > before);
  CHECK(h.kept.outbox.summary(id).value().deliveries[0].state == delivery_state::sent);
}

TEST_CASE("who joins while a broadcast is being sealed is sent it by itself") {
  hospital h;
  auto& alice = h.join("alice");
  h.enrol("bob");
  h.broadcast("hello", {"alice", "bob"});  // its place is taken, a worker has it
  auto& bob = h.join("bob");
  h.run_until_sent(1);

  CHECK(alice.read_broadcast() == "hello");
  const auto again = bob.read_direct();
  CHECK(again.type == protocol::content_type::redelivered_broadcast);
  const auto inner = protocol::read_redelivery(again.body).value();
  CHECK(as_text(inner.content.body) == "hello");
  CHECK(protocol::verify_broadcast(h.self.public_part(), inner).has_value());
}

TEST_CASE("a broadcast is sealed again if somebody leaves meanwhile, and they cannot read it") {
  hospital h;
  auto& alice = h.join("alice");
  auto& bob = h.join("bob");
  h.broadcast("before", {"alice", "bob"});
  h.run_until_sent(1);
  CHECK(alice.read_broadcast() == "before");
  CHECK(bob.read_broadcast() == "before");
  const auto generation = alice.position.generation;

  h.broadcast("after", {"alice", "bob"});
  h.present.leave(*bob.at_doctor);
  h.run_until_sent(2);
  CHECK(alice.read_broadcast() == "after");
  CHECK(alice.position.generation > generation);
  // Bob listens on the wire all the same, with all the keys that he was ever given.
  const auto kept = h.kept.outbox.find(h.kept.outbox.recent(1).at(0).id).value();
  CHECK(kept.position->generation == alice.position.generation);
  CHECK(h.kept.outbox.unconfirmed("bob") == 2);
}

TEST_CASE("a broadcast goes out although members leave one after the other") {
  hospital h;
  for (int i = 0; i < 10; ++i) h.join("p" + std::to_string(i));
  auto& last = h.join("p-last");
  h.broadcast("at last", {"p-last"});
  const auto work = boost::asio::make_work_guard(h.io);
  std::size_t left = 0;
  while (h.count<broadcast_sent>() == 0) {
    REQUIRE(left < 10);
    h.present.leave(*h.seats.at(left++).at_doctor);
    const auto outdated = h.present.generation();
    while (h.present.generation() == outdated && h.count<broadcast_sent>() == 0) h.io.run_one();
  }
  h.io.poll();
  CHECK(last.read_broadcast() == "at last");
}

TEST_CASE("who enrolled after a broadcast was accepted is not told that it misses one") {
  hospital h;
  auto& alice = h.join("alice");
  auto& newcomer = h.join("newcomer");
  h.broadcast("for alice", {"alice"});
  h.run_until_sent(1);
  const auto& state = newcomer.at_doctor->group_state();
  CHECK(state.seq == 0);
  h.broadcast("for both", {"alice", "newcomer"});
  h.run_until_sent(2);
  CHECK(alice.read_broadcast() == "for alice");
  CHECK(alice.read_broadcast() == "for both");
  CHECK(newcomer.read_broadcast() == "for both");
  CHECK(newcomer.missed == 0);
}

TEST_CASE("who enrols while a broadcast for newcomers is being sealed is sent it, too") {
  hospital h;
  auto& alice = h.join("alice");
  h.broadcast("for all to come", {"alice"}, true);  // a worker has it
  auto& bob = h.join("bob");
  h.kept.outbox.include("bob", h.time.now());
  h.run_until_sent(1);
  CHECK(alice.read_broadcast() == "for all to come");
  CHECK(bob.read_direct().type == protocol::content_type::redelivered_broadcast);
}

TEST_CASE("broadcasts go out in the order in which they were accepted") {
  hospital h;
  auto& alice = h.join("alice");
  for (int i = 0; i < 20; ++i) h.broadcast(std::to_string(i), {"alice"});
  h.run_until_sent(20);
  for (int i = 0; i < 20; ++i) {
    CHECK(alice.read_broadcast() == std::to_string(i));
    CHECK(alice.missed == 0);
  }
}

TEST_CASE("a message that a read-only database refuses is not accepted in part") {
  hospital h;
  auto& alice = h.join("alice");
  h.settle();
  const auto before = alice.socket.available();
  const auto audited = h.kept.audit.last().number;
  h.kept.database().execute("PRAGMA query_only = ON");
  try {
    h.broadcast("no", {"alice"});
    FAIL("it was accepted");
  } catch (const store::error& e) {
    CHECK(e.kind() == store::error_kind::read_only);
    CHECK(test::contains(e.what(), (h.directory.path() / "doctor.db").string()));
  }
  CHECK_FALSE(h.kept.database().in_transaction());
  h.kept.database().execute("PRAGMA query_only = OFF");
  h.messages.retry();
  h.settle();
  CHECK(h.kept.outbox.recent(10).empty());
  CHECK(h.kept.outbox.unconfirmed("alice") == 0);
  CHECK(h.kept.audit.last().number == audited);
  CHECK(alice.socket.available() == before);
}

TEST_CASE("a broadcast that the disk refuses waits, is told of once, and leaves no gap") {
  hospital h;
  auto& alice = h.join("alice");
  h.broadcast("first", {"alice"});
  h.run_until_sent(1);
  CHECK(alice.read_broadcast() == "first");

  h.broadcast("second", {"alice"});  // accepted, a worker has it
  h.kept.database().execute("PRAGMA query_only = ON");
  h.io.restart();
  const auto work = boost::asio::make_work_guard(h.io);
  while (h.count<trouble>() == 0) h.io.run_one();
  for (int i = 0; i < 3; ++i) {
    h.messages.retry();
    h.settle();
  }
  CHECK(h.count<trouble>() == 1);
  CHECK(h.count<broadcast_sent>() == 1);

  h.kept.database().execute("PRAGMA query_only = OFF");
  h.messages.retry();
  h.run_until_sent(2);
  CHECK(alice.read_broadcast() == "second");
  CHECK(alice.missed == 0);
  CHECK(h.count<trouble>() == 1);
}

TEST_CASE("a broadcast that was accepted before a crash is sealed by the next gateway") {
  hospital h;
  h.enrol("bob");
  const auto id = h.broadcast("not lost", {"bob"});  // never run: the process dies here
  CHECK_FALSE(h.kept.outbox.find(id)->position);
  dispatch next(h.io, h.self, h.kept, h.present, h.pool, h.hub, h.time, h.random);
  next.start();
  h.run_until_sent(1);
  CHECK(h.kept.outbox.find(id)->position);
}

TEST_CASE("a receipt counts when its proof fits, for who was sent the message, once") {
  hospital h;
  auto& alice = h.join("alice");
  auto& mallory = h.join("mallory");
  const auto id = h.broadcast("hello", {"alice"});
  h.run_until_sent(1);
  const auto content = h.kept.outbox.find(id)->encoded_content;
  const auto good = protocol::make_receipt(alice.receipt_key, id, h.time.now(),
                                           protocol::receipt_state::decrypted, content);
  auto wrong = good;
  wrong.proof.value[0] ^= 1U;
  const auto of_mallory = protocol::make_receipt(mallory.receipt_key, id, h.time.now(),
                                                 protocol::receipt_state::decrypted, content);

  h.messages.on_receipt(*alice.at_doctor, wrong);
  h.messages.on_receipt(*mallory.at_doctor, good);
  h.messages.on_receipt(*mallory.at_doctor, of_mallory);
  h.settle();
  CHECK(h.count<delivery_changed>() == 0);
  CHECK(h.count<frame_refused>() == 3);
  CHECK(h.kept.outbox.unconfirmed("alice") == 1);

  h.messages.on_receipt(*alice.at_doctor, good);
  h.messages.on_receipt(*alice.at_doctor, good);
  h.settle();
  CHECK(h.count<delivery_changed>() == 1);
  CHECK(h.kept.outbox.unconfirmed("alice") == 0);
}

TEST_CASE("what a patient is told after its receipt is told once that is on disk") {
  hospital h;
  auto& alice = h.join("alice");
  const auto& bob = h.join("bob");
  const auto id = h.broadcast("hello", {"alice"});
  h.run_until_sent(1);
  const auto receipt = protocol::make_receipt(alice.receipt_key, id, h.time.now(),
                                              protocol::receipt_state::acknowledged,
                                              h.kept.outbox.find(id)->encoded_content);
  const auto state = [&] { return h.kept.outbox.summary(id).value().deliveries[0].state; };

  SECTION("at once, though more may arrive in this turn of the loop") {
    h.messages.on_receipt(*alice.at_doctor, receipt);
    CHECK(h.messages.keep_receipts(*alice.at_doctor));
    CHECK(state() == delivery_state::acknowledged);
  }
  SECTION("or once the disk takes it again") {
    h.kept.database().execute("PRAGMA query_only = ON");
    h.messages.on_receipt(*alice.at_doctor, receipt);
    h.settle();
    CHECK_FALSE(h.messages.keep_receipts(*alice.at_doctor));
    CHECK(h.messages.keep_receipts(*bob.at_doctor));  // who has nothing to do with it
    CHECK(h.count<trouble>() == 1);
    CHECK(h.count<delivery_changed>() == 0);

    h.kept.database().execute("PRAGMA query_only = OFF");
    h.messages.retry();
    CHECK(h.messages.keep_receipts(*alice.at_doctor));
    CHECK(h.count<delivery_changed>() == 1);
    CHECK(state() == delivery_state::acknowledged);
  }
}
