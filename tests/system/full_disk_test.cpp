#include <csignal>
#include <filesystem>
#include <optional>

#include "common/crypto/random.hpp"
#include "doctor/audit/configuration.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/records/records.hpp"
#include "protocol/message/check.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/no_disk.hpp"
#include "tests/support/small_disk.hpp"
#include "tests/support/thrown.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

using protocol::content;
using protocol::frame_type;

/// The ledger and the audit log of a gateway that is down.
void check_records(const doctor_program& doctor, std::size_t messages) {
  crypto::system_random random;
  const auto self = doctor::open_identity(doctor.data_directory(), "dr-lee", std::nullopt,
                                          crypto::group_id::ristretto255, random);
  doctor::records kept(doctor.data_directory(), random);
  const auto verdict =
      kept.audit.verify(self.public_part(), std::filesystem::path(doctor.data_directory()) /
                                                doctor::audit::mirror_name);
  CHECK(verdict.findings.empty());
  CHECK(kept.outbox.recent(100).size() == messages);
  for (const auto& m : kept.outbox.recent(100)) CHECK_FALSE(m.deliveries.empty());
  const auto orphans = kept.database()
                           .prepare(
                               "SELECT count(*) FROM deliveries WHERE message NOT IN"
                               " (SELECT number FROM messages)")
                           .first([](const store::row& r) { return r.get<std::size_t>(0); });
  CHECK(orphans == std::size_t{0});
}

/// Refused with words that a person can act on.
void check_refused(doctor_program& doctor, std::vector<std::string> words) {
  const auto out = doctor.try_command(std::move(words));
  INFO(out.output << out.errors);
  CHECK(out.status == 1);
  const std::string why = json::parse(out.output).at("error");
  CHECK(contains(why, doctor.data_directory() + "/doctor.db"));
  CHECK(contains(why, "the disk is full"));
  CHECK(contains(out.errors, "doctor: hint: Free some space"));
}

/// What the gateway answers when it is asked for a sign of life: an answer says that all that the
/// patient sent before is on disk.
protocol::check ask(patient_visit& visit, std::uint64_t sequence) {
  visit.send(frame_type::check, protocol::check{false, sequence, 0, 0, 0});
  return visit.await<protocol::check>(frame_type::check);
}

}  // namespace

TEST_CASE("on a full disk commands fail whole and say why, and all goes on when there is space") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  scripted_patient bob("bob", "ristretto255");
  auto bobs = enrol(doctor, bob);
  scripted_patient late("late", "ristretto255");
  auto lates = to(doctor);
  lates.invite = doctor.invite("late");
  const std::string first = doctor.command({"message", "alice", "first"}).at("message_id");
  alice.events().await("message");
  doctor.events().await("delivery");
  doctor.command({"message", "bob", "for bob"});
  const auto for_bob = bobs.await<content>(frame_type::direct);

  {
    const no_disk full(doctor.events().program().id());
    check_refused(doctor, {"broadcast", "not now"});
    check_refused(doctor, {"message", "alice", "not now"});
    check_refused(doctor, {"invite", "carol", "--host", "127.0.0.1"});
    check_refused(doctor, {"block", "alice"});
    check_refused(doctor, {"revoke", "alice"});
    CHECK(doctor.command({"deliveries"}).size() == 2);
    CHECK(doctor.command({"patients"}).at(0).at("connected") == true);

    // A sign-in has to be recorded.
    CHECK(late.sign_in(lates).told() == protocol::disconnect_reason::busy);

    // Receipts and messages wait, and who sent them is not told otherwise.
    bobs.send_receipt(for_bob);
    CHECK_FALSE(ask(bobs, 1).is_reply);
    alice.say("ack " + first);
    alice.say("send help");
    const auto about = [](const std::string& what) {
      return [what](const json& e) { return contains(e.at("what").get<std::string>(), what); };
    };
    doctor.events().await("trouble", about("receipts wait: the database"));
    doctor.events().await("trouble", about("messages of patients wait: the database"));
    CHECK_FALSE(ask(bobs, 2).is_reply);
    CHECK(doctor.events().seen("delivery") == 0);
    CHECK(doctor.events().seen("message") == 0);
  }

  doctor.events().await("delivery", where("patient", "bob"));
  const auto acknowledged = doctor.events().await("delivery", where("patient", "alice"));
  CHECK(acknowledged.at("message_id") == first);
  CHECK(acknowledged.at("state") == "acknowledged");
  CHECK(doctor.events().await("message").at("text") == "help");
  bobs.send(frame_type::check, protocol::check{false, 3, 0, 0, 0});
  bobs.await<protocol::check>(
      frame_type::check, [](const protocol::check& c) { return c.is_reply && c.sequence == 3; });
  alice.events().await("delivery");  // the doctor has its message
  sign_in(doctor, late, lates);
  CHECK(doctor.try_command({"message", "alice", "now", "--wait", "60"}).status == 0);
  CHECK(doctor.events().seen("patient_disconnected") == 0);
  doctor.stop();
  check_records(doctor, 3);
}

TEST_CASE(
    "a patient whose disk is full confirms nothing, says why, and has it when there is space") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  {
    const no_disk full(alice.events().program().id());
    doctor.command({"broadcast", "Fire on ward 3"});
    const auto told = alice.events().await("error");
    CHECK(contains(told.at("message").get<std::string>(), "a message came and could not be kept"));
    CHECK(contains(told.at("message").get<std::string>(), "the disk is full"));
    CHECK(contains(told.at("hint").get<std::string>(), "Free some space"));
    alice.say("send not on disk");
    const auto unsent = alice.events().await("error");
    CHECK(contains(unsent.at("message").get<std::string>(), "the disk is full"));
    CHECK(doctor.command({"deliveries"}).at(0).at("missing") == json::array({"alice"}));
    CHECK(doctor.events().seen("delivery") == 0);
    CHECK(alice.events().seen("message") == 0);
  }
  CHECK(alice.events().await("message").at("text") == "Fire on ward 3");
  doctor.events().await("delivery");
  CHECK(doctor.command({"deliveries"}).at(0).at("missing").empty());
  CHECK(doctor.events().seen("message") == 0);
  CHECK(alice.events().seen("disconnected") == 0);
}

TEST_CASE("who wrote more on a full disk than can be remembered is asked to come again") {
  doctor_program doctor("ristretto255");
  scripted_patient bob("bob", "ristretto255");
  auto bobs = enrol(doctor, bob);
  constexpr std::size_t remembered = 64;
  {
    const no_disk full(doctor.events().program().id());
    for (std::size_t i = 0; i <= remembered; ++i) {
      bobs.send(frame_type::direct,
                content{bob.random().make<protocol::message_id>(), bob.time.now(), 0,
                        protocol::content_type::text, protocol::priority::routine, bytes{'x'}});
    }
    CHECK_FALSE(ask(bobs, 1).is_reply);
  }
  const auto goodbye = bobs.await<protocol::disconnect>(frame_type::disconnect);
  CHECK(goodbye.reason == protocol::disconnect_reason::idle);
  for (std::size_t i = 0; i < remembered; ++i) doctor.events().await("message");
  CHECK(doctor.command({"inbox"}).size() == remembered);
}

TEST_CASE("what a small disk took in until it was full is whole, and more is when it has space") {
  small_disk disk(2U << 20U);
  if (!disk.is_there()) {
    WARN("only root can have a small disk: not tested");
    return;
  }
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  const std::string text(20'000, 'x');
  disk.fill();
  std::size_t accepted = 0;
  // What files have they keep: some more may fit.
  while (doctor.try_command({"message", "alice", text}).status == 0) REQUIRE(++accepted < 200);
  check_refused(doctor, {"message", "alice", text});
  disk.clear();
  doctor.command({"message", "alice", text});
  ++accepted;
  for (std::size_t i = 0; i < accepted; ++i) doctor.events().await("delivery");
  doctor.stop();
  check_records(doctor, accepted);
}

TEST_CASE("on a disk that is read-only the gateway does not begin, and says why") {
  small_disk disk(4U << 20U);
  if (!disk.is_there()) {
    WARN("only root can have a small disk: not tested");
    return;
  }
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  alice.stop(SIGTERM);
  doctor.stop();
  disk.make_read_only(true);
  const std::vector<std::string> whose{"--id", "dr-lee", "--data-dir", doctor.data_directory()};
  for (std::vector<std::string> words :
       {std::vector<std::string>{"--no-menu"}, {"invite", "bob"}}) {
    words.insert(words.begin(), WARDLINE_DOCTOR_BINARY);
    words.insert(words.end(), whose.begin(), whose.end());
    const auto out = run_program(words);
    INFO(out.errors);
    CHECK(out.status == 1);
    CHECK(contains(out.errors, doctor.data_directory()));
    CHECK(contains(out.errors, "Read-only file system"));
  }
  disk.make_read_only(false);
  doctor.start();
  CHECK(doctor.command({"patients"}).size() == 1);
  doctor.stop();
  check_records(doctor, 0);
}

}  // namespace wardline::test
