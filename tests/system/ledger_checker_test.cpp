#include "tests/support/ledger_checker.hpp"

#include "common/crypto/random.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/records/records.hpp"
#include "patient/records/records.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"

using namespace wardline;
using namespace wardline::test;

namespace {

constexpr unix_ms now = 1'790'000'000'000;

// A doctor and a patient, and one message that was delivered and acknowledged.
struct two_records {
  two_records() {
    doctor::records at_doctor(doctor_directory.path(), random);
    at_doctor.outbox.accept({content, encoded, false, std::nullopt, {}}, {"alice"});
    at_doctor.outbox.receipts({{content.id, "alice", protocol::receipt_state::acknowledged, now}});
    auto at_patient = open_patient();
    const crypto::own_identity lee(random.make_secret<32>(), crypto::role::doctor,
                                   crypto::group_id::ristretto255, "dr-lee");
    REQUIRE(at_patient.doctors.pin(lee.public_part(), now));
    REQUIRE(at_patient.inbox.keep("dr-lee", content, encoded, false, now));
    REQUIRE(at_patient.inbox.acknowledge("dr-lee", content.id, now));
    seen.accepted[id] = {"hello", false, {"alice"}};
    seen.shown_to_patient[{"alice", id}] = {"hello", 1};
    seen.acknowledged.insert({"alice", id});
    seen.receipts_shown[{{"alice", id}, "acknowledged"}] = 1;
  }

  patient::records open_patient() { return {patient_directory.path(), "alice", random}; }
  std::size_t faults() const {
    return check_ledger(seen, {doctor_directory.path(), {{"alice", patient_directory.path()}}},
                        moment::end)
        .size();
  }

  crypto::system_random random;
  temporary_directory doctor_directory;
  temporary_directory patient_directory;
  const protocol::content content{random.make<protocol::message_id>(),
                                  now,
                                  0,
                                  protocol::content_type::text,
                                  protocol::priority::routine,
                                  to_bytes(as_bytes("hello"))};
  const bytes encoded = protocol::encode(content);
  const std::string id = to_hex(content.id.view());
  evidence seen;
};

}  // namespace

TEST_CASE("the checker is content when all agree, and finds what was lost, invented or repeated") {
  two_records r;
  CHECK(r.faults() == 0);
  const std::string other(32, 'a');

  SECTION("a message that was accepted is not in the ledger") {
    r.seen.accepted[other] = {"lost", false, {"alice"}};
    CHECK(r.faults() == 1);
  }
  SECTION("it has another text, or other recipients") {
    r.seen.accepted[r.id] = {"hullo", false, {"alice", "bob"}};
    CHECK(r.faults() == 2);
  }
  SECTION("it was shown twice") {
    ++r.seen.shown_to_patient[{"alice", r.id}].times;
    CHECK(r.faults() == 1);
  }
  SECTION("it was never shown, and nobody crashed") {
    r.seen.shown_to_patient.clear();
    CHECK(r.faults() == 1);
    r.seen.patient_crashes["alice"] = 1;
    CHECK(r.faults() == 0);
  }
  SECTION("it was shown with another text") {
    r.seen.shown_to_patient[{"alice", r.id}].text = "hullo";
    CHECK(r.faults() == 1);
  }
  SECTION("a receipt was shown twice, and one that is not kept") {
    r.seen.receipts_shown[{{"alice", r.id}, "acknowledged"}] = 2;
    r.seen.receipts_shown[{{"alice", other}, "decrypted"}] = 1;
    CHECK(r.faults() == 2);
  }
  SECTION("one is in the inbox that the doctor never sent") {
    auto stray = r.content;
    stray.id = r.random.make<protocol::message_id>();
    REQUIRE(r.open_patient().inbox.keep("dr-lee", stray, protocol::encode(stray), false, now));
    CHECK(r.faults() == 2);  // and it was never shown
  }
  SECTION("the ledger has it queued, or has a receipt that the patient never gave") {
    auto next = r.content;
    next.id = r.random.make<protocol::message_id>();
    doctor::records at_doctor(r.doctor_directory.path(), r.random);
    at_doctor.outbox.accept({next, protocol::encode(next), false, std::nullopt, {}}, {"alice"});
    CHECK(r.faults() == 1);
    at_doctor.outbox.receipts({{next.id, "alice", protocol::receipt_state::decrypted, now}});
    CHECK(r.faults() == 1);
  }
  SECTION("a message of the patient's is lost, and the doctor has one that it never wrote") {
    r.seen.accepted_of_patients.insert({"alice", other});
    CHECK(r.faults() == 1);
    doctor::records at_doctor(r.doctor_directory.path(), r.random);
    at_doctor.inbox.keep("alice", r.content, now);
    CHECK(r.faults() == 3);  // nor was it shown
  }
}
