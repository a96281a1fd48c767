#include <csignal>

#include "tests/support/catch.hpp"
#include "tests/system/groups.hpp"
#include "tests/system/programs.hpp"

using namespace wardline::test;

TEST_CASE("after a restart of the gateway a patient resumes by its token") {
  doctor_program doctor(any_group());
  patient_program alice("alice");
  alice.sign_in(doctor);

  doctor.restart();
  CHECK(alice.events().await("disconnected").at("reason") == "shutting_down");
  CHECK(alice.events().await("authenticated").at("resumed") == true);
  CHECK(doctor.events().await("patient_authenticated").at("resumed") == true);
  doctor.command({"broadcast", "back again", "--wait", "30"});
  CHECK(alice.events().await("message").at("text") == "back again");
}

TEST_CASE("after a crash of the gateway a patient resumes too") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  doctor.restart(false);
  CHECK(alice.events().await("authenticated").at("resumed") == true);
}

TEST_CASE("a token that the gateway no longer takes leads to a full sign-in by itself") {
  doctor_program doctor("ristretto255", {"--token-lifetime", "1s"});
  patient_program alice("alice");
  alice.sign_in(doctor);
  doctor.stop(false);
  doctor.start();
  // Whether the second is over or not: the patient is back, and without help.
  alice.events().await("authenticated");
}

TEST_CASE("one patient is disconnected, and the others stay") {
  doctor_program doctor(any_group());
  patient_program alice("alice");
  patient_program bob("bob");
  alice.sign_in(doctor);
  bob.sign_in(doctor);

  doctor.command({"disconnect", "alice"});
  CHECK(alice.events().await("disconnected").at("reason") == "session_over");
  CHECK(alice.events().wait() == 0);
  doctor.events().await("patient_disconnected", where("id", "alice"));
  const auto out = doctor.command({"broadcast", "who is here", "--present", "--wait", "30"});
  CHECK(out.at("decrypted") == json::array({"bob"}));
}

TEST_CASE("all patients are disconnected") {
  doctor_program doctor(any_group());
  patient_program alice("alice");
  patient_program bob("bob");
  alice.sign_in(doctor);
  bob.sign_in(doctor);
  doctor.command({"disconnect", "--all"});
  CHECK(alice.events().await("disconnected").at("reason") == "session_over");
  CHECK(bob.events().await("disconnected").at("reason") == "session_over");
  CHECK(alice.events().wait() == 0);
  CHECK(bob.events().wait() == 0);
}

TEST_CASE("a patient says goodbye, and the doctor knows") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  alice.say("disconnect");
  CHECK(alice.events().wait() == 0);
  CHECK(doctor.events().await("patient_disconnected").at("reason") == "goodbye");
}

TEST_CASE("a second sign-in of the same identity replaces the first") {
  doctor_program doctor(any_group());
  patient_program alice("alice");
  alice.sign_in(doctor);
  // The same identity elsewhere: a copy of the data directory.
  patient_program copy("alice");
  for (const char* file : {"identity.seed", "store.key"}) {
    const auto from = std::filesystem::path(alice.data_directory()) / file;
    if (std::filesystem::exists(from)) {
      std::filesystem::copy_file(from, std::filesystem::path(copy.data_directory()) / file);
    }
  }
  copy.start(doctor);
  copy.events().await("authenticated");
  CHECK(alice.events().await("disconnected").at("reason") == "replaced");
  CHECK(doctor.command({"patients"}).size() == 1);
  doctor.command({"broadcast", "once", "--wait", "30"});
  CHECK(copy.events().await("message").at("text") == "once");
}

TEST_CASE("SIGTERM tells the patients and ends the gateway cleanly") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  doctor.stop();
  CHECK(alice.events().await("disconnected").at("reason") == "shutting_down");
  CHECK(alice.stop(SIGTERM) == 0);
}

TEST_CASE("a second doctor on the same data directory or port is refused with words") {
  doctor_program doctor("ristretto255");
  const auto same_directory =
      run_program({WARDLINE_DOCTOR_BINARY, "--id", "dr-lee", "--data-dir", doctor.data_directory(),
                   "--listen", "127.0.0.1:0", "--no-menu"});
  CHECK(same_directory.status == 1);
  CHECK(same_directory.errors.find("doctor: error: ") != std::string::npos);

  temporary_directory elsewhere;
  const auto same_port =
      run_program({WARDLINE_DOCTOR_BINARY, "--id", "dr-lee", "--data-dir",
                   elsewhere.path().string(), "--listen", doctor.address(), "--no-menu"});
  CHECK(same_port.status == 1);
  CHECK(same_port.errors.find("in use") != std::string::npos);
}

TEST_CASE("a wrong doctor's key is refused loudly, and the pin stays") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.sign_in(doctor);
  CHECK(alice.stop(SIGTERM) == 0);

  doctor_program imposter("ristretto255");
  alice.start_with({"--id", "alice", "--doctor-id", "dr-lee", "--connect", imposter.address(),
                    "--trust-on-first-use"});
  alice.events().await("error", where("error", "wrong_doctor"));
  CHECK(alice.events().wait() == 1);

  alice.start_with({"--id", "alice", "--doctor-id", "dr-lee", "--connect", doctor.address()});
  alice.events().await("authenticated");
}

TEST_CASE("an unknown doctor is not trusted without a person or a word") {
  doctor_program doctor("ristretto255");
  patient_program alice("alice");
  alice.start_with({"--id", "alice", "--doctor-id", "dr-lee", "--connect", doctor.address()});
  alice.events().await("error");
  CHECK(alice.events().wait() == 1);

  alice.start_with({"--id", "alice", "--doctor-id", "dr-lee", "--connect", doctor.address(),
                    "--trust-on-first-use"});
  alice.events().await("waiting");
}
