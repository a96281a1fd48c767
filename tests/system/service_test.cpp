// The gateway as a service: what its manager is told, and what SIGHUP and SIGTERM do.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <unistd.h>

#include "tests/support/catch.hpp"
#include "tests/support/notify_socket.hpp"
#include "tests/support/thrown.hpp"
#include "tests/system/visits.hpp"

namespace wardline::test {
namespace {

struct written_file {
  explicit written_file(const std::string& text) { write(text); }

  void write(const std::string& text) const {
    std::ofstream(name()) << text;
    std::filesystem::permissions(name(), std::filesystem::perms(0644));
  }
  std::string name() const { return (at.path() / "doctor.toml").string(); }

  temporary_directory at;
};

}  // namespace

TEST_CASE("the service manager hears that the gateway listens, lives, and stops") {
  const notify_socket manager("@wardline-service-" + std::to_string(::getpid()));
  doctor_program doctor({"/usr/bin/env", "NOTIFY_SOCKET=" + manager.name(), "WATCHDOG_USEC=400000",
                         WARDLINE_DOCTOR_BINARY},
                        "ristretto255", {});
  CHECK(manager.next() ==
        "STATUS=Listening on " + doctor.address() + "; 0 of 0 patients are connected");
  CHECK(manager.next() == "READY=1");
  CHECK(manager.next() == "WATCHDOG=1");
  patient_program alice("alice");
  alice.sign_in(doctor);
  CHECK(contains(manager.await("STATUS="), "1 of 1 patients are connected"));
  doctor.stop();
  CHECK(manager.await("STOPPING=1") == "STOPPING=1");
}

TEST_CASE("SIGHUP takes the settings that can change while the gateway runs") {
  const written_file file("overdue-after = '1d'\nresend-after = '5m'\nlog-level = 'error'\n");
  const notify_socket manager("@wardline-reload-" + std::to_string(::getpid()));
  doctor_program doctor({"/usr/bin/env", "NOTIFY_SOCKET=" + manager.name(), WARDLINE_DOCTOR_BINARY},
                        "ristretto255", {"--config", file.name(), "--heartbeat", "20s"});
  scripted_patient mute("mute", "ristretto255");
  auto visit = enrol(doctor, mute);
  doctor.command({"broadcast", "Fire"});

  file.write("overdue-after = '2s'\nresend-after = '1s'\nheartbeat = '9s'\ncrypto-workers = 1\n");
  doctor.events().program().signal(SIGHUP);
  const auto news = doctor.events().await("settings_reloaded");
  CHECK(news.at("changed") == json::array({"resend-after", "overdue-after", "log-level"}));
  CHECK(news.at("needs_restart") == json::array({"crypto-workers"}));
  CHECK(manager.await("RELOADING=1").rfind("RELOADING=1", 0) == 0);
  CHECK(manager.await("READY=1") == "READY=1");
  // It is in force: an old message is overdue at once.
  CHECK(doctor.events().await("overdue").at("missing") == json::array({"mute"}));
  CHECK(doctor.command({"audit", "--event", "configuration", "--limit", "1"})
            .at(0)
            .at("after")
            .get<std::string>()
            .find("overdue_after=2 ") != std::string::npos);

  file.write("overdue-after = 'soon'\n");
  doctor.events().program().signal(SIGHUP);
  CHECK(contains(doctor.events().await("trouble").at("what").get<std::string>(),
                 "the settings stay as they were: " + file.name() + ":1: overdue-after"));
  file.write("overdue-after = '2s'\nresend-after = '1s'\ncrypto-workers = 1\n");
  doctor.events().program().signal(SIGHUP);
  CHECK(doctor.events().await("settings_reloaded").at("changed").empty());
}

TEST_CASE("a receipt that is under way when the gateway is stopped is taken") {
  // The gateway waits a second for it; a machine that is busier than that gets another chance.
  bool was_taken = false;
  for (int attempt = 0; attempt < 5 && !was_taken; ++attempt) {
    const notify_socket manager("@wardline-drain-" + std::to_string(::getpid()));
    doctor_program doctor(
        {"/usr/bin/env", "NOTIFY_SOCKET=" + manager.name(), WARDLINE_DOCTOR_BINARY}, "ristretto255",
        {});
    scripted_patient slow("slow", "ristretto255");
    auto visit = enrol(doctor, slow);
    doctor.command({"message", "slow", "Are you there?"});
    const auto content = visit.await<protocol::content>(protocol::frame_type::direct);
    doctor.events().program().signal(SIGTERM);
    manager.await("STOPPING=1");
    visit.send_receipt(content);
    CHECK(doctor.events().wait() == 0);
    was_taken = doctor.events().seen("delivery") == 1;
  }
  CHECK(was_taken);
}

TEST_CASE("the log ties the lines of a connection together, and has nothing that patients write") {
  doctor_program doctor("ristretto255", {"--log-format", "json", "--log-level", "debug"});
  patient_program alice("alice");
  alice.sign_in(doctor);
  patient_program bob("bob");
  bob.sign_in(doctor);
  alice.say("send my secret pain");
  doctor.events().await("message");
  alice.stop(SIGTERM);
  const auto left = doctor.events().await("patient_disconnected", where("id", "alice"));
  doctor.stop();
  const auto log = doctor.events().program().errors();
  CHECK_FALSE(contains(log, "secret pain"));
  std::map<std::string, json> number;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    const auto one = json::parse(line);
    CHECK(one.at("time").get<std::string>().size() == 24);
    if (one.value("event", "") == "message") CHECK(one.at("from") == "alice");
    if (one.contains("connection"))
      number[one.at("id").get<std::string>() + one.at("event").get<std::string>()] =
          one.at("connection");
  }
  CHECK(number.at("alicepatient_authenticated") == number.at("alicepatient_disconnected"));
  CHECK(number.at("alicepatient_disconnected") == left.at("connection"));
  CHECK(number.at("bobpatient_authenticated") != left.at("connection"));
}

TEST_CASE("what is told before the gateway begins, and why it does not, is in the log's format") {
  const temporary_directory at;
  const auto began = [&](const std::string& format, const std::string& address) {
    return run_program({"/usr/bin/env", "WARDLINE_HEARTBEET=5s", WARDLINE_DOCTOR_BINARY, "--id",
                        "dr", "--data-dir", (at.path() / "d").string(), "--group", "ristretto255",
                        "--no-menu", "--log-format", format, "--listen", address});
  };
  const std::string elsewhere = "192.0.2.1:7460";  // no address of this machine
  const auto as_json = began("json", elsewhere);
  CHECK(as_json.status == 1);
  std::vector<json> all;
  std::istringstream lines(as_json.errors);
  for (std::string line; std::getline(lines, line);) all.push_back(json::parse(line));
  REQUIRE(all.size() == 3);
  CHECK(all[0].at("level") == "warning");
  CHECK(contains(all[0].at("text").get<std::string>(), "did you mean WARDLINE_HEARTBEAT?"));
  CHECK(contains(all[1].at("text").get<std::string>(), "no passphrase is set"));
  CHECK(all[2].at("level") == "error");
  CHECK(contains(all[2].at("text").get<std::string>(), elsewhere));

  const auto as_text = began("text", elsewhere);
  CHECK(as_text.status == 1);
  CHECK(contains(as_text.errors, " warning: WARDLINE_HEARTBEET: there is no such setting"));
  CHECK(contains(as_text.errors, "doctor: error: "));
}

TEST_CASE("systemd finds no fault with the units") {
  const std::filesystem::path own_units = "/usr/lib/systemd/system";
  if (!std::filesystem::exists("/usr/bin/systemd-analyze") || !std::filesystem::exists(own_units)) {
    WARN("systemd-analyze: skipped, it is not installed (package systemd)");
    return;
  }
  // A root with what the units name: others of systemd's, and programs.
  const temporary_directory root;
  const auto units = root.path() / "usr/lib/systemd/system";
  std::filesystem::create_directories(units);
  for (const auto& one : std::filesystem::directory_iterator(own_units)) {
    if (one.path().extension() == ".target" && !one.is_symlink())
      std::filesystem::copy(one.path(), units);
  }
  for (const auto* program : {"usr/bin/doctor", "usr/lib/wardline/backup", "bin/kill", "bin/sh"}) {
    const auto file = root.path() / program;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << "#!/bin/sh\n";
    std::filesystem::permissions(file, std::filesystem::perms(0755));
  }
  std::vector<std::string> words{"/usr/bin/systemd-analyze", "--root=" + root.path().string(),
                                 "--man=no", "verify"};
  for (const auto* name :
       {"wardline-doctor.service", "wardline-backup.service", "wardline-backup.timer"}) {
    std::filesystem::copy(std::string(WARDLINE_SOURCE_DIR) + "/scripts/package/" + name, units);
    words.emplace_back(name);
  }
  const auto out = run_program(std::move(words));
  CHECK(out.status == 0);
  CHECK(out.output + out.errors == "");
}

}  // namespace wardline::test
