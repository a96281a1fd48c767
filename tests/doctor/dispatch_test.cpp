#include "doctor/dispatch.hpp"

#include "tests/doctor/hospital.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;
using test::hospital;
using test::seat;

TEST_CASE("a broadcast is on disk, and then with the kernel, before the rows say so") {
  hospital h;
  const auto& alice = h.join("alice");
  h.enrol("bob");
  h.settle();
  const auto before = alice.socket.available();  // group keys
  h.kept.database().execute(
      "CREATE TEMP TRIGGER full BEFORE INSERT ON deliveries"
      " BEGIN SELECT raise(ABORT, 'the disk is full'); END");
  const auto id = h.broadcast("now", {"alice", "bob"});  // and no turn of the loop
  CHECK(alice.socket.available() > before);
  CHECK(h.count<trouble>() == 1);
  CHECK(h.count<broadcast_sent>() == 1);
  CHECK_THROWS_AS(h.kept.outbox.summary(id), failure);  // rather than that nobody is to have it

  // A receipt waits for its row.
  const auto receipt = protocol::make_receipt(alice.receipt_key, id, h.time.now(),
                                              protocol::receipt_state::decrypted,
                                              h.kept.outbox.find(id)->encoded_content);
  h.messages.on_receipt(*alice.at_doctor, receipt);
  h.settle();
  CHECK(h.count<delivery_changed>() == 0);
  CHECK_FALSE(h.messages.keep_receipts(*alice.at_doctor));

  // One for what the session was not sent cannot be judged yet, nor what is to be sent again: the
  // session goes on.
  h.messages.on_receipt(*alice.at_doctor, receipt);
  CHECK(alice.at_doctor->must_come_again);
  CHECK(h.count<frame_refused>() == 0);
  h.messages.resend(*alice.at_doctor, id);
  CHECK(alice.at_doctor->backlog.size() == 1);
  alice.at_doctor->must_come_again = false;

  h.kept.database().execute("DROP TRIGGER full");
  h.messages.retry();
  CHECK(h.messages.keep_receipts(*alice.at_doctor));
  CHECK(h.count<delivery_changed>() == 1);
  const auto rows = h.kept.outbox.summary(id).value().deliveries;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].state == delivery_state::decrypted);
  CHECK(rows[1].state == delivery_state::queued);
  h.messages.pump(*alice.at_doctor);
  CHECK(alice.at_doctor->backlog.empty());
}

TEST_CASE("who has left cannot read the next broadcast, with all the keys it was ever given") {
  hospital h;
  auto& alice = h.join("alice");
  auto& bob = h.join("bob");
  h.broadcast("before", {"alice", "bob"});
  CHECK(alice.read_broadcast() == "before");
  CHECK(bob.read_broadcast() == "before");
  const auto generation = alice.position.generation;

  h.present.leave(*bob.at_doctor);
  const auto id = h.broadcast("after", {"alice", "bob"});
  CHECK(alice.read_broadcast() == "after");
  CHECK(alice.position.generation > generation);
  CHECK(h.kept.outbox.find(id)->position == alice.position);
  CHECK(h.kept.outbox.unconfirmed("bob") == 2);
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

TEST_CASE("a broadcast that the disk refuses leaves no gap before the next") {
  hospital h;
  auto& alice = h.join("alice");
  h.broadcast("first", {"alice"});
  CHECK(alice.read_broadcast() == "first");
  h.kept.database().execute("PRAGMA query_only = ON");
  CHECK_THROWS_AS(h.broadcast("refused", {"alice"}), store::error);
  h.kept.database().execute("PRAGMA query_only = OFF");
  h.broadcast("second", {"alice"});
  CHECK(alice.read_broadcast() == "second");
  CHECK(alice.missed == 0);
}

TEST_CASE("a broadcast that was accepted before a crash is sent by the next gateway") {
  hospital h;
  h.enrol("alice");
  outgoing message{
      {h.random.make<protocol::message_id>(), h.time.now(), 0, protocol::content_type::text,
       protocol::priority::emergency, to_bytes(as_bytes("not lost"))},
      {},
      true,
      protocol::broadcast_position{1, 2, 3},
      bytes(64)};
  message.encoded_content = protocol::encode(message.content);
  h.kept.outbox.accept(message, {"alice"});  // and the process dies
  auto& alice = h.join("alice");
  h.settle();
  const auto again = protocol::read_redelivery(alice.read_direct().body).value();
  CHECK(again.content.text() == "not lost");
  CHECK(again.position == message.position);
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
