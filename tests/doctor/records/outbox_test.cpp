#include "doctor/records/outbox.hpp"

#include <algorithm>

#include "tests/doctor/records/home.hpp"

namespace wardline::doctor {
namespace {

using protocol::receipt_state;
using test::broadcast;
using test::content;
using test::direct;
using test::home;
using test::message;
using test::somewhere;

constexpr unix_ms now = 1'700'000'000'000;

delivery of(home& at, byte id, const std::string& patient) {
  const auto summary = at->outbox.summary(message(id));
  const auto found = std::find_if(summary->deliveries.begin(), summary->deliveries.end(),
                                  [&](const delivery& d) { return d.patient_id == patient; });
  REQUIRE(found != summary->deliveries.end());
  return *found;
}

std::vector<receipt_record> receipt(home& at, byte id, const std::string& patient,
                                    receipt_state state, unix_ms t) {
  return at->outbox.receipts({{message(id), patient, state, t}});
}

}  // namespace

TEST_CASE("an accepted broadcast is there after a restart, queued for each recipient") {
  home at;
  const auto sent = broadcast(content(1, "leave the house", now + 1000));
  at->outbox.accept(sent, {"bob", "alice"});
  at.restart();
  const auto found = at->outbox.find(message(1));
  REQUIRE(found);
  CHECK(found->is_broadcast);
  CHECK(found->encoded_content == sent.encoded_content);
  CHECK(found->content.body == sent.content.body);
  CHECK(found->content.expires == now + 1000);

  const auto summary = at->outbox.summary(message(1));
  REQUIRE(summary);
  CHECK(summary->id == message(1));
  CHECK(summary->is_broadcast);
  CHECK(summary->created == 1'000);
  CHECK(summary->expires == now + 1000);
  CHECK(summary->priority == protocol::priority::emergency);
  CHECK(summary->text == "leave the house");
  REQUIRE(summary->deliveries.size() == 2);
  for (const auto& d : summary->deliveries) {
    CHECK(d.state == delivery_state::queued);
    CHECK_FALSE(d.sent_at);
    CHECK_FALSE(d.decrypted_at);
    CHECK_FALSE(d.acknowledged_at);
  }
  CHECK_FALSE(at->outbox.find(message(2)));
  CHECK_FALSE(at->outbox.summary(message(2)));
}

TEST_CASE("what was sent to one patient is found, each with that one delivery") {
  home at;
  at->outbox.accept(direct(content(1, "to alice")), {"alice"});
  at->outbox.accept(direct(content(2, "to bob")), {"bob"});
  at->outbox.accept(broadcast(content(3, "to both")), {"alice", "bob"});
  receipt(at, 3, "bob", receipt_state::decrypted, now);
  const auto found = at->outbox.recent_to("bob", 10);
  REQUIRE(found.size() == 2);
  CHECK(found[0].text == "to both");
  REQUIRE(found[0].deliveries.size() == 1);
  CHECK(found[0].deliveries[0].patient_id == "bob");
  CHECK(found[0].deliveries[0].state == delivery_state::decrypted);
  CHECK(found[1].text == "to bob");
  CHECK(at->outbox.recent_to("bob", 1).size() == 1);  // of the last one message
  CHECK(at->outbox.recent_to("alice", 2).size() == 1);
  CHECK(at->outbox.recent_to("carol", 10).empty());
}

TEST_CASE("what is not text has no text in its summary") {
  home at;
  auto vitals = content(1, "\x01\x02");
  vitals.type = protocol::content_type::vitals;
  at->outbox.accept(direct(vitals), {"alice"});
  CHECK(at->outbox.summary(message(1))->text.empty());
}

TEST_CASE("a message is accepted once, wholly or not at all") {
  home at;
  at->outbox.accept(direct(content(1, "first")), {"alice"});
  CHECK_THROWS_AS(at->outbox.accept(direct(content(1, "second")), {"bob"}), store::error);
  CHECK(at->outbox.summary(message(1))->text == "first");
  CHECK_FALSE(at->outbox.find(message(2)));
  CHECK_FALSE(at->outbox.is_recipient(message(1), "bob"));
  CHECK_FALSE(at->outbox.is_recipient(message(2), "bob"));
}

TEST_CASE("a broadcast keeps its place and signature for redelivery") {
  home at;
  at->outbox.accept(broadcast(content(1, "text")), {"alice"});
  at.restart();
  const auto found = at->outbox.find(message(1));
  CHECK(found->position == somewhere);
  CHECK(found->signature == bytes{1, 2, 3});
}

TEST_CASE("a broadcast without its place is damage") {
  home at;
  at->outbox.accept(broadcast(content(1, "text")), {"alice"});
  at.tamper("UPDATE messages SET generation = NULL");
  CHECK_THROWS_AS(at->outbox.find(message(1)), store::error);
}

TEST_CASE("what a broadcast is sent to has its rows in one step, and the others queued ones") {
  home at;
  const auto sent = broadcast(content(1, "text"));
  at->outbox.accept(sent, {"alice", "bob", "carol"});
  at->outbox.sent_out(sent, {"alice", "bob", "carol"}, {"alice", "carol"}, now);
  at.restart();
  CHECK(of(at, 1, "alice").state == delivery_state::sent);
  CHECK(of(at, 1, "alice").sent_at == now);
  CHECK(of(at, 1, "bob").state == delivery_state::queued);
  CHECK_FALSE(of(at, 1, "bob").sent_at);
  CHECK(of(at, 1, "carol").state == delivery_state::sent);
}

TEST_CASE("the rows that a crash kept a broadcast from are there for whatever looks first") {
  home at;
  at->outbox.accept(broadcast(content(1, "text", now)), {"alice", "bob"});
  at->outbox.accept(broadcast(content(2, "text")), {"alice"});
  at.restart();
  SECTION("pending") { CHECK(at->outbox.pending("alice", 0, 9).size() == 2); }
  SECTION("summary") { CHECK(at->outbox.summary(message(1))->deliveries.size() == 2); }
  SECTION("recent") { CHECK(at->outbox.recent(1).at(0).deliveries.size() == 1); }
  SECTION("receipt") { CHECK(receipt(at, 1, "bob", receipt_state::decrypted, now).size() == 1); }
  SECTION("is_recipient") { CHECK(at->outbox.is_recipient(message(1), "bob")); }
  SECTION("is_pending") { CHECK(at->outbox.is_pending(message(1), "bob")); }
  SECTION("unconfirmed") { CHECK(at->outbox.unconfirmed("alice") == 2); }
  SECTION("expire") { CHECK(at->outbox.expire(now).size() == 2); }
  SECTION("overdue") { CHECK(at->outbox.has_overdue(UINT64_MAX)); }
  SECTION("sent") {
    at->outbox.sent(message(1), {"bob"}, now);
    CHECK(of(at, 1, "bob").state == delivery_state::sent);
  }
  SECTION("undone with what looked") {
    {
      const store::transaction undone(at->database());
      CHECK(at->outbox.unconfirmed("alice") == 2);
    }
    CHECK(at->outbox.unconfirmed("alice") == 2);
  }
}

TEST_CASE("what a patient has yet to decrypt is pending, oldest first") {
  home at;
  at->outbox.accept(direct(content(9, "first")), {"alice"});
  at->outbox.accept(broadcast(content(2, "to many")), {"alice", "bob"});
  at->outbox.accept(direct(content(3, "not hers")), {"bob"});
  at->outbox.accept(direct(content(4, "never expires")), {"alice"});
  at->outbox.accept(direct(content(5, "expires", now + 1)), {"alice"});
  at->outbox.accept(direct(content(6, "expired", now)), {"alice"});
  at->outbox.accept(direct(content(7, "decrypted")), {"alice"});
  at->outbox.sent(message(2), {"alice"}, now);
  receipt(at, 7, "alice", receipt_state::decrypted, now);
  at.restart();

  const auto all = at->outbox.pending("alice", now, 100);
  CHECK(all == std::vector{message(9), message(2), message(4), message(5)});
  CHECK(at->outbox.pending("alice", now, 2) == std::vector{message(9), message(2)});
  CHECK(at->outbox.pending("alice", now, 0).empty());
  CHECK(at->outbox.pending("alice", now + 1, SIZE_MAX).size() == 3);
  CHECK(at->outbox.pending("bob", now, 100) == std::vector{message(2), message(3)});
  CHECK(at->outbox.pending("carol", now, 100).empty());
  CHECK(at->outbox.unconfirmed("alice") == 5);  // the expired one is not marked yet
  at->outbox.expire(now);
  CHECK(at->outbox.unconfirmed("alice") == 4);
  CHECK(at->outbox.unconfirmed("carol") == 0);
}

TEST_CASE("the states of a delivery follow each other and never go back") {
  home at;
  at->outbox.accept(direct(content(1, "text")), {"alice", "bob"});
  CHECK(of(at, 1, "alice").state == delivery_state::queued);

  at->outbox.sent(message(1), {"alice"}, now);
  at->outbox.sent(message(1), {"alice"}, now + 1);
  CHECK(of(at, 1, "alice").state == delivery_state::sent);
  CHECK(of(at, 1, "alice").sent_at == now);

  CHECK(receipt(at, 1, "alice", receipt_state::decrypted, now + 2).size() == 1);
  CHECK(receipt(at, 1, "alice", receipt_state::decrypted, now + 3).empty());
  at->outbox.sent(message(1), {"alice"}, now + 4);
  CHECK(of(at, 1, "alice").state == delivery_state::decrypted);
  CHECK(of(at, 1, "alice").decrypted_at == now + 2);

  CHECK(receipt(at, 1, "alice", receipt_state::acknowledged, now + 5).size() == 1);
  CHECK(receipt(at, 1, "alice", receipt_state::acknowledged, now + 6).empty());
  CHECK(receipt(at, 1, "alice", receipt_state::decrypted, now + 7).empty());
  at.restart();
  const auto d = of(at, 1, "alice");
  CHECK(d.state == delivery_state::acknowledged);
  CHECK(d.sent_at == now);
  CHECK(d.decrypted_at == now + 2);
  CHECK(d.acknowledged_at == now + 5);
  CHECK(of(at, 1, "bob").state == delivery_state::queued);
}

TEST_CASE("a receipt counts although the sending was not recorded") {
  home at;
  at->outbox.accept(direct(content(1, "text")), {"alice", "bob"});
  CHECK(receipt(at, 1, "alice", receipt_state::decrypted, now).size() == 1);
  CHECK(of(at, 1, "alice").state == delivery_state::decrypted);
  CHECK(receipt(at, 1, "bob", receipt_state::acknowledged, now).size() == 1);
  CHECK(of(at, 1, "bob").state == delivery_state::acknowledged);
  CHECK(of(at, 1, "bob").decrypted_at == now);
}

TEST_CASE("a batch of receipts says which of them changed something") {
  home at;
  at->outbox.accept(direct(content(1, "text")), {"alice", "bob"});
  const auto changed = at->outbox.receipts({{message(1), "alice", receipt_state::decrypted, now},
                                            {message(1), "alice", receipt_state::decrypted, now},
                                            {message(1), "carol", receipt_state::decrypted, now},
                                            {message(2), "alice", receipt_state::decrypted, now},
                                            {message(1), "bob", receipt_state::acknowledged, now},
                                            {message(1), "bob", receipt_state::decrypted, now}});
  REQUIRE(changed.size() == 2);
  CHECK(changed[0].patient_id == "alice");
  CHECK(changed[0].state == receipt_state::decrypted);
  CHECK(changed[1].patient_id == "bob");
  CHECK(changed[1].state == receipt_state::acknowledged);
  CHECK(changed[1].message == message(1));
  CHECK(changed[1].at == now);
  CHECK(at->outbox.receipts({}).empty());
}

TEST_CASE("what expires undelivered says so, and a late receipt still counts") {
  home at;
  at->outbox.accept(direct(content(1, "text", now)), {"alice", "bob", "carol", "dave"});
  at->outbox.accept(direct(content(2, "text", now + 1)), {"alice"});
  at->outbox.accept(direct(content(3, "text")), {"alice"});
  at->outbox.accept(direct(content(4, "text", UINT64_MAX)), {"alice"});
  at->outbox.sent(message(1), {"bob"}, now - 1);
  receipt(at, 1, "carol", receipt_state::decrypted, now - 1);

  CHECK(at->outbox.expire(now - 1).empty());
  CHECK(of(at, 1, "alice").state == delivery_state::queued);
  CHECK(at->outbox.is_pending(message(1), "alice"));
  CHECK_FALSE(at->outbox.is_pending(message(1), "carol"));
  std::vector<std::string> whose;
  for (const auto& [id, patient] : at->outbox.expire(now)) {
    CHECK(id == message(1));
    whose.push_back(patient);
  }
  std::sort(whose.begin(), whose.end());
  CHECK(whose == std::vector<std::string>{"alice", "bob", "dave"});
  CHECK(at->outbox.expire(now).empty());
  CHECK(at->outbox.is_over(message(1)));
  CHECK_FALSE(at->outbox.is_over(message(2)));
  CHECK_FALSE(at->outbox.is_pending(message(1), "alice"));
  at.restart();
  CHECK(of(at, 1, "alice").state == delivery_state::expired);
  CHECK(of(at, 1, "bob").state == delivery_state::expired);
  CHECK(of(at, 1, "carol").state == delivery_state::decrypted);
  CHECK(of(at, 2, "alice").state == delivery_state::queued);

  at->outbox.sent(message(1), {"alice"}, now);
  CHECK(of(at, 1, "alice").state == delivery_state::expired);
  CHECK(receipt(at, 1, "bob", receipt_state::decrypted, now + 2).size() == 1);
  CHECK(of(at, 1, "bob").state == delivery_state::decrypted);
  CHECK(receipt(at, 1, "dave", receipt_state::acknowledged, now + 2).size() == 1);
  CHECK(of(at, 1, "dave").state == delivery_state::acknowledged);

  at->outbox.expire(UINT64_MAX);
  CHECK(of(at, 2, "alice").state == delivery_state::expired);
  CHECK(of(at, 3, "alice").state == delivery_state::queued);  // "expires 0: never"
  CHECK(of(at, 4, "alice").state == delivery_state::queued);
}

TEST_CASE("who a message was meant for is known for ever") {
  home at;
  at->outbox.accept(direct(content(1, "text")), {"alice"});
  receipt(at, 1, "alice", receipt_state::acknowledged, now);
  CHECK(at->outbox.is_recipient(message(1), "alice"));
  CHECK_FALSE(at->outbox.is_recipient(message(1), "bob"));
  CHECK_FALSE(at->outbox.is_recipient(message(2), "alice"));
}

TEST_CASE("the newest messages come first, and as many as asked for") {
  home at;
  for (byte id = 1; id <= 4; ++id) at->outbox.accept(direct(content(id, "text")), {"alice"});
  const auto found = at->outbox.recent(2);
  REQUIRE(found.size() == 2);
  CHECK(found[0].id == message(4));
  CHECK(found[1].id == message(3));
  CHECK(found[0].deliveries.size() == 1);
  CHECK(at->outbox.recent(SIZE_MAX).size() == 4);
}

TEST_CASE("a broadcast to ten thousand patients is accepted, sent and receipted") {
  home at;
  const auto everybody = test::many_patients(10'000);
  const auto sent = broadcast(content(1, "text"));
  at->outbox.accept(sent, everybody);
  at->outbox.sent_out(sent, everybody, everybody, now);
  std::vector<receipt_record> batch;
  for (const auto& id : everybody) batch.push_back({message(1), id, receipt_state::decrypted, now});
  CHECK(at->outbox.receipts(batch).size() == everybody.size());
  const auto summary = at->outbox.summary(message(1));
  REQUIRE(summary->deliveries.size() == everybody.size());
  CHECK(std::all_of(summary->deliveries.begin(), summary->deliveries.end(),
                    [](const delivery& d) { return d.state == delivery_state::decrypted; }));
}

TEST_CASE("a body or signature that was moved to another message is refused") {
  home at;
  for (byte id = 1; id <= 2; ++id) {
    at->outbox.accept(broadcast(content(id, "text")), {"alice"});
  }
  SECTION("the content") {
    at.tamper("UPDATE messages SET content = (SELECT content FROM messages WHERE number = 2)");
    CHECK_THROWS_AS(at->outbox.recent(10), store::error);
    CHECK_THROWS_AS(at->outbox.summary(message(1)), store::error);
  }
  SECTION("the signature") {
    at.tamper("UPDATE messages SET signature = (SELECT signature FROM messages WHERE number = 2)");
  }
  SECTION("from one column to the other") { at.tamper("UPDATE messages SET signature = content"); }
  const auto e = test::thrown_by<store::error>([&] { (void)at->outbox.find(message(1)); });
  CHECK(e.kind() == store::error_kind::corrupt);
  CHECK(test::contains(e.what(), "does not open"));
}

TEST_CASE("a delivery in a state that does not exist is damage, not a state") {
  home at;
  at->outbox.accept(direct(content(1, "text")), {"alice"});
  at.tamper("UPDATE deliveries SET state = 6");
  const auto e = test::thrown_by<store::error>([&] { (void)at->outbox.summary(message(1)); });
  CHECK(e.kind() == store::error_kind::corrupt);
}

TEST_CASE("each state of a delivery has its name") {
  CHECK(name(delivery_state::queued) == "queued");
  CHECK(name(delivery_state::sent) == "sent");
  CHECK(name(delivery_state::decrypted) == "decrypted");
  CHECK(name(delivery_state::acknowledged) == "acknowledged");
  CHECK(name(delivery_state::expired) == "expired");
  CHECK(name(delivery_state::unreachable) == "unreachable");
}

}  // namespace wardline::doctor
