// Data of earlier versions, and the programs as they are.
#include <algorithm>
#include <csignal>
#include <filesystem>

#include "doctor/records/schema.hpp"
#include "patient/records/schema.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/released_schema.hpp"
#include "tests/system/programs.hpp"

using namespace wardline;
using namespace wardline::test;

TEST_CASE("a gateway and its patient go on with what earlier versions have kept") {
  struct version {
    std::string doctor;
    std::string patient;
    bool audits;
  };
  const auto before = GENERATE(values<version>({{"doctor/1a", "patient/1a", false},
                                                {"doctor/1d", "patient/1a", true},
                                                {"doctor/1f", "patient/1b", true}}));
  CAPTURE(before.doctor);
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  doctor.command({"broadcast", "Stay in your rooms", "--wait", "60"});
  CHECK(alice.stop(SIGTERM) == 0);
  doctor.events().await("patient_disconnected");
  doctor.command({"broadcast", "You may go out again"});
  doctor.stop();

  const std::filesystem::path kept = doctor.data_directory();
  make_older(kept / "doctor.db", doctor::schema::application_id, before.doctor);
  make_older(std::filesystem::path(alice.data_directory()) / "patient.db", patient::application_id,
             before.patient);
  if (!before.audits) std::filesystem::remove(kept / "audit.jsonl");

  doctor.start();
  alice.start_with({"--id", "alice", "--doctor-id", "dr-lee"});
  CHECK(alice.events().await("authenticated").at("resumed") == true);
  CHECK(alice.events().await("message").at("text") == "You may go out again");
  const auto sent = doctor.command({"broadcast", "Lunch is served", "--wait", "60"});
  CHECK(sent.at("decrypted") == json::array({"alice"}));
  CHECK(alice.events().await("message").at("text") == "Lunch is served");
  const auto all = doctor.command({"deliveries"});
  REQUIRE(all.size() == 3);
  for (const auto& m : all) CHECK(m.at("deliveries").at(0).at("state") == "decrypted");
  CHECK(doctor.command({"audit", "verify"}).at("verified") == true);
}
