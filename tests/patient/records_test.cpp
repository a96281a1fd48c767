#include "patient/records/records.hpp"

#include <fstream>
#include <iterator>

#include "common/util/text_encoding.hpp"
#include "patient/records/schema.hpp"
#include "tests/patient/people.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;
using patient::delivery_state;

namespace {

// Records that can be closed and opened again, with one doctor pinned.
struct reopened {
  reopened() {
    open();
    REQUIRE(kept->doctors.pin(doctor.public_part(), 10).has_value());
  }
  void open() {
    kept.reset();
    kept.emplace(directory.path(), "alice", random);
  }

  // Everything in the files of the database.
  std::string on_disk() const {
    std::string all;
    for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
      std::ifstream in(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), {});
    }
    return all;
  }

  temporary_directory directory;
  crypto::system_random random;
  crypto::own_identity doctor = make_doctor(1);
  std::optional<patient::records> kept;
};

protocol::resumption_ticket make_ticket() {
  byte_array<32> rs;
  rs.fill(byte{'S'});
  return {to_bytes(as_bytes("a token that nobody may read")), protocol::resumption_secret(rs),
          UINT64_MAX};
}

}  // namespace

TEST_CASE("a patient's records of a newer version are refused in words and left as they were") {
  reopened at;
  at.kept.reset();
  {
    store::database newer(at.directory.path() / "patient.db", patient::application_id,
                          patient::migrations);
    newer.execute("PRAGMA user_version = 99");
  }
  const auto before = at.on_disk();
  const auto why = thrown_by<store::error>([&] { at.open(); });
  CHECK(contains(why.what(), "newer version"));
  CHECK(contains(why.hint(), "newer version of this program"));
  CHECK(at.on_disk() == before);
}

TEST_CASE("a pinned doctor survives a restart and is never replaced") {
  reopened r;
  r.open();
  const auto found = r.kept->doctors.find("dr-lee");
  REQUIRE(found.has_value());
  CHECK(found->who == r.doctor.public_part());
  CHECK_FALSE(found->signed_in_at.has_value());
  CHECK(r.kept->doctors.find(r.doctor.own_fingerprint()).has_value());
  CHECK(r.kept->doctors.latest()->who.id == "dr-lee");

  CHECK(r.kept->doctors.pin(r.doctor.public_part(), 20).has_value());
  const auto other = r.kept->doctors.pin(make_doctor(2).public_part(), 20);
  CHECK(to_errc(other.error()) == errc::conflict);
  CHECK(r.kept->doctors.find("dr-lee")->who == r.doctor.public_part());
}

TEST_CASE("where a sign-in succeeded is remembered, until the doctor turns us away") {
  reopened r;
  r.kept->doctors.signed_in("dr-lee", "ward.example", 7460, 30);
  r.open();
  auto found = r.kept->doctors.find("dr-lee");
  CHECK(found->host == "ward.example");
  CHECK(found->port == 7460);
  CHECK(found->signed_in_at == 30);
  r.kept->doctors.turned_away("dr-lee");
  found = r.kept->doctors.find("dr-lee");
  CHECK_FALSE(found->signed_in_at.has_value());
  CHECK(found->host == "ward.example");
}

TEST_CASE("a ticket can be taken once, is sealed at rest, and is gone from the disk then") {
  reopened r;
  CHECK_FALSE(r.kept->tickets.take("dr-lee").has_value());
  r.kept->tickets.keep("dr-lee", make_ticket());
  r.open();
  CHECK_FALSE(contains(r.on_disk(), "a token that nobody"));
  CHECK_FALSE(contains(r.on_disk(), std::string(32, 'S')));

  const auto ticket = r.kept->tickets.take("dr-lee");
  REQUIRE(ticket.has_value());
  CHECK(ticket->token == make_ticket().token);
  CHECK(to_hex(ticket->secret.view()) == to_hex(make_ticket().secret.view()));
  CHECK(ticket->expires == UINT64_MAX);
  r.open();
  CHECK_FALSE(r.kept->tickets.take("dr-lee").has_value());
}

TEST_CASE("the inbox keeps a message once, sealed, across a restart") {
  reopened r;
  const auto message = make_text(1, "your results are good");
  const auto encoded = protocol::encode(message);
  CHECK(r.kept->inbox.keep("dr-lee", message, encoded, true, 50).value());
  CHECK_FALSE(r.kept->inbox.keep("dr-lee", message, encoded, true, 60).value());
  const auto changed = make_text(1, "your results are bad");
  CHECK(
      to_errc(r.kept->inbox.keep("dr-lee", changed, protocol::encode(changed), true, 60).error()) ==
      errc::conflict);
  r.open();
  CHECK_FALSE(contains(r.on_disk(), "your results"));

  const auto found = r.kept->inbox.find("dr-lee", message.id);
  REQUIRE(found.has_value());
  CHECK(found->content.body == message.body);
  CHECK(found->is_broadcast);
  CHECK(found->opened_at == 50);
  CHECK_FALSE(found->acknowledged_at.has_value());
}

TEST_CASE("the inbox is read newest first") {
  reopened r;
  for (byte i = 1; i <= 3; ++i) {
    const auto m = make_text(i, "text");
    REQUIRE(r.kept->inbox.keep("dr-lee", m, protocol::encode(m), false, 50).value());
  }
  const auto recent = r.kept->inbox.recent("dr-lee", 2);
  REQUIRE(recent.size() == 2);
  CHECK(recent[0].content.id == make_id(3));
  CHECK(recent[1].content.id == make_id(2));
}

TEST_CASE("an acknowledgement counts from its first time, until the doctor knows") {
  reopened r;
  const auto m = make_text(1, "text");
  REQUIRE(r.kept->inbox.keep("dr-lee", m, protocol::encode(m), false, 50).value());
  CHECK_FALSE(r.kept->inbox.acknowledge("dr-lee", make_id(9), 60));
  CHECK_FALSE(r.kept->inbox.acknowledge("dr-who", m.id, 60));
  CHECK(r.kept->inbox.unsent_acknowledgements("dr-lee", 10).empty());
  CHECK(r.kept->inbox.acknowledge("dr-lee", m.id, 60));
  CHECK(r.kept->inbox.acknowledge("dr-lee", m.id, 70));
  r.open();
  const auto unsent = r.kept->inbox.unsent_acknowledgements("dr-lee", 10);
  REQUIRE(unsent.size() == 1);
  CHECK(unsent[0].acknowledged_at == 60);
  r.kept->inbox.doctor_knows("dr-lee", m.id);
  CHECK(r.kept->inbox.unsent_acknowledgements("dr-lee", 10).empty());
}

TEST_CASE("the outbox keeps what has no receipt, sealed, and goes only forward") {
  reopened r;
  const auto first = make_text(1, "I feel dizzy");
  const auto second = make_text(2, "I feel better");
  r.kept->outbox.accept("dr-lee", first);
  r.kept->outbox.accept("dr-lee", second);
  r.open();
  CHECK_FALSE(contains(r.on_disk(), "I feel"));

  auto waiting = r.kept->outbox.unreceipted("dr-lee", 0, 10);
  REQUIRE(waiting.size() == 2);
  CHECK(waiting[0].encoded_content == protocol::encode(first));
  CHECK(r.kept->outbox.unreceipted("dr-lee", waiting[0].number, 10).size() == 1);
  CHECK(r.kept->outbox.unreceipted("dr-lee", 0, 1).size() == 1);

  CHECK(r.kept->outbox.advance("dr-lee", first.id, delivery_state::sent));
  CHECK_FALSE(r.kept->outbox.advance("dr-lee", first.id, delivery_state::sent));
  CHECK(r.kept->outbox.count_unreceipted("dr-lee") == 2);
  CHECK(r.kept->outbox.advance("dr-lee", first.id, delivery_state::acknowledged));
  CHECK_FALSE(r.kept->outbox.advance("dr-lee", first.id, delivery_state::decrypted));
  CHECK(r.kept->outbox.count_unreceipted("dr-lee") == 1);
  CHECK(r.kept->outbox.find("dr-lee", first.id)->state == delivery_state::acknowledged);
  CHECK_FALSE(r.kept->outbox.find("dr-who", first.id).has_value());
}

TEST_CASE("a data directory belongs to one patient") {
  reopened r;
  r.kept.reset();
  const auto e = thrown_by<failure>([&] { patient::records(r.directory.path(), "bob", r.random); });
  CHECK(contains(e.what(), "belongs to the patient alice"));
}

TEST_CASE("records under another key are damaged, and say so") {
  reopened r;
  const auto m = make_text(1, "text");
  REQUIRE(r.kept->inbox.keep("dr-lee", m, protocol::encode(m), false, 50).value());
  r.kept->tickets.keep("dr-lee", make_ticket());
  r.kept.reset();
  std::filesystem::remove(r.directory.path() / "store.key");
  r.open();
  const auto e = thrown_by<store::error>([&] { r.kept->inbox.recent("dr-lee", 1); });
  CHECK(e.kind() == store::error_kind::corrupt);
  CHECK_FALSE(r.kept->tickets.take("dr-lee").has_value());  // costs a handshake, and no more
}
