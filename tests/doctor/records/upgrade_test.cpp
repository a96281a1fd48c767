#include <span>

#include "tests/doctor/records/older_records.hpp"

namespace wardline::doctor {
namespace {

using test::doctor_shapes;
using test::message;
using test::older_records;
using test::released_schema;
using test::schema_of;

constexpr unix_ms now = older_records::now;

struct place {
  test::temporary_directory directory;
  crypto::system_random random;

  const std::filesystem::path& path() const { return directory.path(); }
  records open() { return records(path(), random); }
  crypto::own_identity doctor() const {
    return {crypto::identity_seed(byte_array<32>{}), crypto::role::doctor,
            crypto::group_id::ristretto255, "dr"};
  }
};

store::database made_by(const std::filesystem::path& file,
                        std::span<const store::migration> migrations) {
  return {file, schema::application_id, migrations};
}

}  // namespace

// A released schema stays what it was: a change goes into a migration of its own, and what it leads
// to into a file of its own in tests/schemas.
TEST_CASE("each migration of the doctor's records leads to the schema that was released with it") {
  const std::array released{"doctor/1g", "doctor/1g"};
  REQUIRE(released.size() == schema::migrations.size());
  for (std::size_t i = 0; i < released.size(); ++i) {
    CAPTURE(released[i], i);
    const place at;
    const auto sql = released_schema(released[i]);
    const std::array<store::migration, 1> as_it_was{{{sql}}};
    auto before = made_by(at.path() / "before.db", as_it_was);
    auto now_made = made_by(at.path() / "now.db", std::span(schema::migrations).first(i + 1));
    CHECK(schema_of(now_made) == schema_of(before));
  }
}

TEST_CASE("whichever version 1 the doctor's records have, they get the schema of new ones") {
  place fresh;
  auto made = fresh.open();
  for (const auto* shape : doctor_shapes) {
    CAPTURE(shape);
    place at;
    const older_records before(at.path(), shape);
    auto kept = at.open();
    CHECK(schema_of(kept.database()) == schema_of(made.database()));
  }
}

TEST_CASE("what the doctor's records of an earlier version hold is carried over") {
  for (const auto* shape : doctor_shapes) {
    CAPTURE(shape);
    place at;
    const older_records before(at.path(), shape);
    auto kept = at.open();

    CHECK(kept.last_generation() == test::somewhere.generation);
    const auto alice = kept.patients.find("alice");
    REQUIRE(alice.has_value());
    CHECK(alice->who == test::patient("alice"));
    CHECK(alice->last_seen == now);
    CHECK_FALSE(alice->away_since.has_value());
    CHECK(kept.tokens.find(as_bytes(older_records::token)).has_value());
    CHECK(kept.invites.find("bob").has_value());
    CHECK(kept.inbox.recent(9).at(0).content.text() == "thank you");

    const auto sent = kept.outbox.find(message(1));
    REQUIRE(sent.has_value());
    CHECK(sent->position == test::somewhere);
    CHECK(sent->signature == bytes{1, 2, 3});
    const auto summary = kept.outbox.summary(message(1));
    REQUIRE(summary->deliveries.size() == 1);
    CHECK(summary->text == "stay in your rooms");
    CHECK(summary->deliveries[0].state == delivery_state::decrypted);
    CHECK(summary->deliveries[0].decrypted_at == now);

    std::vector<protocol::message_id> waiting{message(2)};
    if (before.leaves_unsealed) waiting.push_back(message(3));
    CHECK(kept.outbox.pending("alice", now, 9) == waiting);
    for (const auto& id : waiting) CHECK_FALSE(kept.outbox.find(id)->is_broadcast);
  }
}

TEST_CASE("with the doctor's records of an earlier version everything goes on") {
  for (const auto* shape : doctor_shapes) {
    CAPTURE(shape);
    place at;
    const older_records before(at.path(), shape);
    for (byte run = 0; run < 2; ++run) {
      CAPTURE(int{run});
      auto kept = at.open();
      const auto more = test::broadcast(test::content(byte(10 + run), "more"));
      kept.outbox.accept(more, {"alice"});
      kept.outbox.sent_out(more, {"alice"}, {"alice"}, now);
      CHECK(kept.outbox
                .receipts({{more.content.id, "alice", protocol::receipt_state::decrypted, now}})
                .size() == 1);
      kept.patients.left("alice", now);
      CHECK(kept.patients.find("alice")->away_since == now);
    }
    auto kept = at.open();
    // The token is the patient's still, and goes when the patient does.
    kept.patients.revoke("alice", now);
    CHECK_FALSE(kept.tokens.find(as_bytes(older_records::token)).has_value());
    CHECK(kept.outbox.pending("alice", now, 9).empty());
  }
}

TEST_CASE("the audit log of an earlier version is whole, and goes on where it was") {
  for (const auto* shape : doctor_shapes) {
    CAPTURE(shape);
    place at;
    const older_records before(at.path(), shape);
    const auto self = at.doctor();
    auto kept = at.open();
    CHECK(kept.audit.last() == before.audit);
    CHECK((before.audit.number == 3) == before.has_audit);
    const auto mirror = at.path() / "audit.jsonl";
    kept.audit.begin(self, at.random, mirror, now, [](const std::string& what) { FAIL(what); });
    kept.audit.append(now, {"gateway", "started"});
    kept.audit.mirror_on();
    CHECK(kept.audit.last().number == before.audit.number + 1);
    CHECK(kept.audit.verify(self.public_part(), mirror).findings.empty());
  }
}

TEST_CASE("of what an earlier version sent, only what it knew to be urgent becomes overdue") {
  for (const auto* shape : doctor_shapes) {
    CAPTURE(shape);
    place at;
    const older_records before(at.path(), shape);
    auto kept = at.open();
    CHECK(kept.outbox.has_overdue(now) == before.knows_urgency);
  }
}

TEST_CASE("records that are half of an earlier version's are refused and left as they were") {
  place at;
  const older_records before(at.path(), "1d");
  const auto sql = released_schema("doctor/1d");
  const std::array<store::migration, 1> as_it_was{{{sql}}};
  made_by(at.path() / "doctor.db", as_it_was)
      .execute("ALTER TABLE deliveries DROP COLUMN decrypted_at");
  const auto e = test::thrown_by<store::error>([&] { at.open(); });
  CHECK(e.kind() == store::error_kind::corrupt);
  CHECK(test::contains(e.what(), "its table deliveries has no column decrypted_at"));
  CHECK(test::contains(e.hint(), "backup"));
  auto db = made_by(at.path() / "doctor.db", as_it_was);  // would be refused if it said 2
  CHECK(db.prepare("SELECT 1 FROM deliveries").first([](const store::row&) { return true; }));
}

}  // namespace wardline::doctor
