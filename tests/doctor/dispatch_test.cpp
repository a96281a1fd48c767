#include "doctor/dispatch.hpp"

#include <algorithm>
#include <deque>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>

#include "protocol/group/patient_group.hpp"
#include "protocol/message/amendment.hpp"
#include "tests/doctor/signed_in.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::doctor;

namespace {

using tcp = boost::asio::ip::tcp;

crypto::own_identity make_identity(crypto::role role, const std::string& id,
                                   crypto::random_source& random) {
  return {random.make_secret<32>(), role, crypto::group_id::ristretto255, id};
}

// The other end of one patient's session.
struct seat {
  seat(tcp::socket mine, const protocol::session_key& sk, const crypto::identity& doctor)
      : socket(std::move(mine)),
        channel(sk, protocol::side::patient),
        receipt_key(protocol::derive_receipt_key(sk)),
        group(doctor) {}

  // The next frame; the gateway must have written it already.
  bytes read_frame() {
    bytes whole(protocol::header_size);
    boost::asio::read(socket, boost::asio::buffer(whole));
    const auto size = protocol::frame_size(whole, protocol::session_frame_limit).value();
    whole.resize(*size);
    boost::asio::read(socket, boost::asio::buffer(whole.data() + protocol::header_size,
                                                  whole.size() - protocol::header_size));
    return whole;
  }

  // Takes group keys until a broadcast comes; its text.
  std::string read_broadcast() {
    for (;;) {
      const bytes whole = read_frame();
      const auto f = protocol::decode_frame(whole, protocol::session_frame_limit).value();
      if (f.type == protocol::frame_type::broadcast) {
        const auto opened = group.open(f, {});
        REQUIRE(opened.has_value());
        missed = opened->missed;
        position = opened->broadcast.position;
        about = opened->broadcast.content.about();
        return std::string(opened->broadcast.content.text());
      }
      const auto plaintext = channel.open(f).value();
      REQUIRE(f.type == protocol::frame_type::group_key);
      const auto key =
          group.install(protocol::decode<protocol::group_key>(plaintext.view()).value());
      REQUIRE(key.has_value());
    }
  }

  // Takes group keys until a direct message comes.
  protocol::content read_direct() {
    for (;;) {
      const bytes whole = read_frame();
      const auto f = protocol::decode_frame(whole, protocol::session_frame_limit).value();
      const auto plaintext = channel.open(f).value();
      if (f.type == protocol::frame_type::direct) {
        return protocol::decode<protocol::content>(plaintext.view()).value();
      }
      REQUIRE(f.type == protocol::frame_type::group_key);
    }
  }

  tcp::socket socket;
  protocol::secure_channel channel;
  protocol::receipt_key receipt_key;
  protocol::patient_group group;
  protocol::broadcast_position position{};
  std::uint64_t missed = 0;
  std::optional<protocol::message_id> about;
  std::unique_ptr<session> at_doctor;
};

struct hospital {
  hospital() {
    hub.subscribe([this](const event& e) { events.push_back(e); });
  }

  // An enrolled patient, present or not.
  void enrol(const std::string& id) {
    identities.push_back(make_identity(crypto::role::patient, id, random));
    kept.patients.enrol(identities.back().public_part(), protocol::scope::all, time.now());
  }

  seat& join(const std::string& id) {
    enrol(id);
    auto up = test::sign_in_by_token(self, identities.back(), time, random);
    tcp::acceptor door(io, {boost::asio::ip::address_v4::loopback(), 0});
    tcp::socket theirs(io);
    theirs.connect(door.local_endpoint());
    auto transport = net::framed_connection::make(door.accept(), time);
    auto& s = seats.emplace_back(std::move(theirs), up.sk, self.public_part());
    s.at_doctor = std::make_unique<session>(transport, std::move(up.at_doctor), seconds(30), time);
    present.join(*s.at_doctor);
    messages.on_joined(*s.at_doctor);
    return s;
  }

  protocol::message_id broadcast(const std::string& text,
                                 const std::vector<std::string>& recipients,
                                 bool include_new = false) {
    const protocol::content content{random.make<protocol::message_id>(),
                                    time.now(),
                                    0,
                                    protocol::content_type::text,
                                    protocol::priority::emergency,
                                    to_bytes(as_bytes(text))};
    messages.broadcast(content, recipients, include_new);
    return content.id;
  }

  // Cancels it, or corrects it if there is a text.
  amended amend(const protocol::message_id& id, const std::string& text = {}) {
    const auto original = kept.amendments.find(id).value();
    last = random.make<protocol::message_id>();
    return messages.amend(
        {last, original.created + 1, 0,
         text.empty() ? protocol::content_type::cancellation : protocol::content_type::correction,
         protocol::priority::emergency, protocol::amendment_body(original.id, text)},
        original);
  }

  template <class Event>
  std::size_t count() const {
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [](const event& e) {
      return std::holds_alternative<Event>(e);
    }));
  }

  // Runs the I/O thread's work that is due.
  void settle() {
    io.restart();
    io.poll();
  }

  // Runs the I/O thread's work until `count` broadcasts have gone out, and what that queued.
  void run_until_sent(std::size_t broadcasts) {
    io.restart();
    const auto work = boost::asio::make_work_guard(io);
    while (count<broadcast_sent>() < broadcasts) io.run_one();
    io.poll();
  }

  boost::asio::io_context io;
  test::temporary_directory directory;
  test::manual_clock time{1'790'000'000'000};
  crypto::system_random random;
  crypto::own_identity self = make_identity(crypto::role::doctor, "dr-lee", random);
  records kept{directory.path(), random};
  event_hub hub;
  std::vector<event> events;
  std::deque<crypto::own_identity> identities;
  crypto_pool pool{io, 1, 16};
  ward present{self.group_secret(), kept, time, random};
  dispatch messages{io, self, kept, present, pool, hub, time, random};
  std::deque<seat> seats;
  protocol::message_id last{};  // of the last amendment
};

}  // namespace

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

TEST_CASE("a broadcast that is cancelled while it is being sealed is seen by nobody") {
  hospital h;
  auto& alice = h.join("alice");
  const auto id = h.broadcast("take ten", {"alice"});  // a worker has it
  CHECK(h.amend(id).recipients.empty());
  h.broadcast("something else", {"alice"});
  h.run_until_sent(1);
  CHECK(alice.read_broadcast() == "something else");
  CHECK(alice.missed == 0);
  CHECK_FALSE(h.kept.outbox.find(id)->position);
  CHECK(h.kept.outbox.unsealed().empty());
}

TEST_CASE("a cancellation goes to whom the original is on the way to before the rows say so") {
  hospital h;
  h.join("alice");
  const auto id = h.broadcast("take ten", {"alice"});
  const auto work = boost::asio::make_work_guard(h.io);
  while (!h.kept.outbox.find(id)->position) h.io.run_one();
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
    dispatch next(h.io, h.self, reopened, h.present, h.pool, h.hub, h.time, h.random);
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
