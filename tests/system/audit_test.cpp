// `doctor audit` with the real programs: the log is listed, verified, tampered with, exported.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "common/store/database.hpp"
#include "doctor/records/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

/// `doctor WORDS...` without --json.
finished plain(doctor_program& doctor, std::vector<std::string> words) {
  words.insert(words.begin(), WARDLINE_DOCTOR_BINARY);
  words.insert(words.end(), {"--id", "dr-lee", "--data-dir", doctor.data_directory()});
  return run_program(std::move(words));
}

std::vector<std::string> events_of(const json& records) {
  std::vector<std::string> out;
  for (const auto& r : records) out.push_back(r.at("event"));
  return out;
}

/// As somebody who has the files can, with the triggers out of the way.
void tamper(const doctor_program& doctor, const std::string& sql) {
  namespace schema = doctor::schema;
  store::database db(doctor.data_directory() + "/doctor.db", schema::application_id,
                     schema::migrations);
  db.execute(
      "DROP TRIGGER IF EXISTS audit_is_not_changed;"
      "DROP TRIGGER IF EXISTS audit_is_not_deleted;" +
      sql);
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("the audit log is listed as was asked for, and the reading is in it") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  patient_program bob("bob");
  bob.sign_in(doctor);
  doctor.command({"message", "alice", "nobody reads this in the log"});
  doctor.command({"block", "bob"});

  using names = std::vector<std::string>;
  const auto of_alice = doctor.command({"audit", "--patient", "alice"});
  CHECK(events_of(of_alice) ==
        names{"invite_made", "invite_spent", "enrolled", "signed_in", "message_accepted"});
  CHECK(of_alice.dump().find("nobody reads") == std::string::npos);
  const auto blocks = doctor.command({"audit", "--event", "blocked"});
  REQUIRE(blocks.size() == 1);
  CHECK(blocks[0].at("whom") == "bob");
  CHECK(blocks[0].at("actor") == "operator");
  CHECK(blocks[0].at("after") == "blocked");
  CHECK(doctor.command({"audit", "--since", "2999-01-01"}) == json::array());
  CHECK(doctor.command({"audit", "--since", "1h", "--event", "gateway_started"}).size() == 1);

  const auto reading = doctor.command({"audit", "--limit", "2"});
  CHECK(events_of(reading) == names{"audit_read", "audit_read"});
  CHECK(doctor.command({"audit", "--event", "audit_read", "--patient", "alice"}).size() == 1);

  const auto csv = plain(doctor, {"audit", "--csv", "--event", "blocked"});
  CHECK(csv.status == 0);
  CHECK(csv.output.rfind("number,time,actor,event,", 0) == 0);
  CHECK(lines_in(csv.output) == 2);
  const auto text = plain(doctor, {"audit"});
  CHECK(text.status == 0);
  CHECK(text.output.rfind("NUMBER", 0) == 0);

  doctor.stop();  // and the same without a gateway
  const auto after = doctor.command({"audit", "--limit", "3"});
  CHECK(events_of(after) == names{"audit_read", "audit_read", "gateway_stopped"});
  CHECK(doctor.command({"audit", "--limit", "1"}).at(0).at("event") == "audit_read");
  doctor.start();
  CHECK(doctor.command({"audit", "verify"}).at("verified") == true);
}

TEST_CASE("audit verify finds what was done to a stopped gateway's log, and names the record") {
  doctor_program doctor("ristretto255");
  for (int i = 0; i < 5; ++i) doctor.invite("p" + std::to_string(i));
  const auto good = doctor.command({"audit", "verify"});
  CHECK(good.at("verified") == true);
  CHECK(good.at("mirrored_up_to") == good.at("records"));
  doctor.stop();
  CHECK(doctor.command({"audit", "verify"}).at("signed_up_to") > 0);

  const std::string sql = GENERATE(
      "UPDATE audit SET whom = 'q1' WHERE number = 4",
      "UPDATE audit SET hash = zeroblob(32) WHERE number = 4", "DELETE FROM audit WHERE number = 4",
      "UPDATE audit SET number = 99 WHERE number = 4",
      "DELETE FROM audit WHERE number >= 4; UPDATE gateway SET audit_number = 3,"
      " audit_hash = (SELECT hash FROM audit WHERE number = 3)",
      "DELETE FROM audit WHERE number >= 4; DELETE FROM audit_checkpoints;"
      " UPDATE gateway SET audit_number = 3,"
      " audit_hash = (SELECT hash FROM audit WHERE number = 3)");
  INFO(sql);
  tamper(doctor, sql);
  const auto found = doctor.try_command({"audit", "verify"});
  CHECK(found.status == 1);
  const auto verdict = json::parse(found.output);
  CHECK(verdict.at("verified") == false);
  REQUIRE_FALSE(verdict.at("findings").empty());
  CHECK(verdict.at("findings").at(0).at("number") == 4);
}

TEST_CASE("the words of a verification that failed say what and where, and it leaves a record") {
  doctor_program doctor("ristretto255");
  doctor.stop();
  tamper(doctor, "UPDATE audit SET detail = 'x' WHERE number = 2");
  const auto said = plain(doctor, {"audit", "verify"});
  CHECK(said.status == 1);
  CHECK(said.output.rfind("NOT VERIFIED: 1 finding\nrecord 2: it was altered", 0) == 0);
  const auto records = doctor.command({"audit", "--event", "audit_verified"});
  REQUIRE(records.size() == 1);
  CHECK(records[0].at("result") == "failed");
  CHECK(records[0].at("detail") == "records=3 findings=1 first=2");
}

TEST_CASE("an export is verified by somebody who has nothing but the file") {
  doctor_program doctor("ristretto255");
  doctor.invite("p1");
  const auto file = doctor.data_directory() + "/export.jsonl";
  const auto made = doctor.command({"audit", "export", file});
  CHECK(made.at("records") == doctor.command({"audit", "--event", "audit_exported"})[0]["number"]);
  CHECK(doctor.try_command({"audit", "export", file}).status == 1);  // it replaces nothing
  const auto refused = doctor.command({"audit", "--event", "audit_exported"})[1];
  CHECK(refused.at("result") == "refused");
  CHECK(refused.at("reason") == "the file exists already");
  const auto fingerprint = doctor.command({"identity"}).at("fingerprint").get<std::string>();
  const auto verify = [&](const std::string& whose) {
    return run_program({WARDLINE_DOCTOR_BINARY, "audit", "verify", "--file", file, "--fingerprint",
                        whose, "--json"});
  };
  const auto good = verify(fingerprint);
  INFO(good.errors);
  CHECK(good.status == 0);
  CHECK(json::parse(good.output).at("signed_up_to") == made.at("records"));
  CHECK(verify(std::string(60, '1')).status == 1);

  std::fstream edit(file, std::ios::in | std::ios::out | std::ios::binary);
  std::ostringstream all;
  all << edit.rdbuf();
  edit.seekp(static_cast<std::streamoff>(all.str().find("\"whom\":\"p1\"") + 9));
  edit << 'q';
  edit.close();
  const auto bad = verify(fingerprint);
  CHECK(bad.status == 1);
  CHECK(json::parse(bad.output).at("findings").at(0).at("number") == 3);

  const auto streamed = plain(doctor, {"audit", "export", "-"});
  CHECK(streamed.status == 0);
  CHECK(streamed.output.rfind("{\"wardline_audit\":1,", 0) == 0);
}

TEST_CASE("an act that cannot be audited does not happen, whichever it is") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  patient_program carol("carol");
  carol.start(doctor);
  doctor.events().await("waiting");
  doctor.invite("dave");
  const auto state = [&] {
    json out;
    for (const char* list : {"patients", "waiting", "invites", "deliveries"})
      out[list] = doctor.command({list});
    for (auto& p : out["patients"]) p.erase("last_seen");
    return out;
  };
  const auto before = state();
  CHECK(before["waiting"].size() == 1);
  const auto file = doctor.data_directory() + "/export.jsonl";

  tamper(doctor,
         "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'full'); END");
  for (const auto& act : std::vector<std::vector<std::string>>{{"invite", "erin"},
                                                               {"invite", "dave"},
                                                               {"withdraw", "dave"},
                                                               {"admit", "carol"},
                                                               {"refuse", "carol"},
                                                               {"block", "alice"},
                                                               {"revoke", "alice"},
                                                               {"disconnect", "alice"},
                                                               {"disconnect", "--all"},
                                                               {"broadcast", "x"},
                                                               {"message", "alice", "x"},
                                                               {"audit"},
                                                               {"audit", "export", file},
                                                               {"audit", "export", "-"}}) {
    INFO(act.at(0));
    const auto said = doctor.try_command(act);
    CHECK(said.status == 1);
    CHECK(json::parse(said.output).contains("error"));
    CHECK(state() == before);
  }
  CHECK_FALSE(std::filesystem::exists(file));
  tamper(doctor, "DROP TRIGGER full");
  CHECK(doctor.command({"audit", "verify"}).at("verified") == true);

  doctor.command({"admit", "carol"});  // and now it does
  doctor.events().await("patient_authenticated", where("id", "carol"));
}

TEST_CASE("frames of a patient's that are refused are in the log, with the true cause") {
  doctor_program doctor("ristretto255");
  scripted_patient mallory("mallory", "ristretto255");
  auto visit = enrol(doctor, mallory);
  doctor.command({"message", "mallory", "hello"});
  auto content = visit.await<protocol::content>(protocol::frame_type::direct);
  content.body = to_bytes(as_bytes("hullo"));
  visit.send_receipt(content);
  doctor.events().await("refused");
  const auto records = doctor.command({"audit", "--event", "frame_refused"});
  REQUIRE(records.size() == 1);
  CHECK(records[0].at("actor") == "patient:mallory");
  CHECK(records[0].at("reason") == "wrong_proof");
  CHECK(doctor.command({"audit", "--patient", "mallory", "--event", "frame_refused"}).size() == 1);
}

TEST_CASE("there is no audit log where there is no doctor, and none is made") {
  const temporary_directory at;
  const auto out = run_program(
      {WARDLINE_DOCTOR_BINARY, "audit", "--id", "dr", "--data-dir", at.path().string()});
  CHECK(out.status == 1);
  CHECK(std::filesystem::is_empty(at.path()));
}

}  // namespace wardline::test
