// The patient's settings: where they come from, and which of them is in force.
#include <filesystem>
#include <fstream>

#include "common/cli/guard.hpp"
#include "patient/command_line.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"
#include "tests/support/variable.hpp"

namespace wardline::patient {
namespace {

using test::contains;
using test::thrown_by;
using test::variable;
using words = std::vector<std::string>;
using command = config::command;

config parsed(const words& all) {
  std::vector<const char*> argv{"patient"};
  for (const auto& w : all) argv.push_back(w.c_str());
  return std::get<config>(parse_command_line(static_cast<int>(argv.size()), argv.data()));
}

struct home {
  std::string file(const std::string& text, const std::string& name = "patient.toml") const {
    const auto path = at.path() / name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms(0644));
    return path.string();
  }
  std::string directory() const { return at.path().string(); }

  test::temporary_directory at;
};

}  // namespace

TEST_CASE("a configuration file says everything that a patient's program needs") {
  const home h;
  const auto file = h.file(
      "id = 'alice'\ndoctor-id = 'dr-lee'\nconnect = '[::1]:9000'\n"
      "data-dir = '" +
      h.directory() +
      "/data'\nclock-window = '2m'\nno-menu = true\nplain = true\n"
      "trust-on-first-use = true\ndoctor-fingerprint = '" +
      std::string(60, '7') + "'\n");
  const variable named("WARDLINE_CONFIG", file);
  const auto c = parsed({});
  CHECK(c.what == command::run);
  CHECK(c.id == "alice");
  CHECK(c.doctor_id == "dr-lee");
  CHECK(c.doctor == net::address{"::1", 9000});
  CHECK(c.data_directory == h.directory() + "/data");
  CHECK(c.clock_window == seconds(120));
  CHECK(c.json);
  CHECK_FALSE(c.passphrase.may_ask);
  CHECK(c.plain);
  CHECK(c.trust_on_first_use);
  CHECK(c.doctor_fingerprint == std::string(60, '7'));
  // How the program runs is not how a command prints.
  CHECK_FALSE(parsed({"identity"}).json);
  CHECK(parsed({"identity"}).id == "alice");
  CHECK(parsed({"enroll", "wardline1:x"}).doctor == net::address{"::1", 9000});
}

TEST_CASE("of a patient's flag, variable and file the first that says something is in force") {
  const home h;
  for (int said = 0; said < 8; ++said) {
    const bool by_flag = (said & 4) != 0;
    const bool by_variable = (said & 2) != 0;
    const bool by_file = (said & 1) != 0;
    CAPTURE(by_flag, by_variable, by_file);
    const auto file = h.file(by_file ? "clock-window = '1s'\n" : "");
    const variable window("WARDLINE_CLOCK_WINDOW", by_variable ? "2s" : "");
    words line{"--id", "alice", "--doctor-id", "dr", "--config", file};
    if (by_flag) line.insert(line.end(), {"--clock-window", "3s"});
    const auto expected = by_flag ? 3 : by_variable ? 2 : by_file ? 1 : 30;
    CHECK(parsed(line).clock_window == seconds(expected));
    line.insert(line.begin(), "enroll");
    CHECK(parsed(line).clock_window == seconds(expected));
  }
}

TEST_CASE("the file in a patient's data directory is taken by itself, and cannot lead elsewhere") {
  const home h;
  h.file("doctor-id = 'dr-lee'\n", "config.toml");
  CHECK(parsed({"--id", "alice", "--data-dir", h.directory()}).doctor_id == "dr-lee");
  std::filesystem::create_directories(h.at.path() / "wardline/patient/bob");
  h.file("doctor-id = 'dr-may'\n", "wardline/patient/bob/config.toml");
  const variable data("XDG_DATA_HOME", h.directory());
  CHECK(parsed({"--id", "bob"}).doctor_id == "dr-may");
  h.file("data-dir = '/elsewhere'\n", "config.toml");
  const words line{"--id", "alice", "--data-dir", h.directory(), "--doctor-id", "dr"};
  CHECK(contains(thrown_by<cli::usage_error>([&] { parsed(line); }).what(), ":1: data-dir: "));
}

TEST_CASE(
    "a patient's program does not begin with a setting that is wrong, and its place is told") {
  const home h;
  for (const auto& [text, told] : std::vector<std::pair<std::string, std::string>>{
           {"doctor = 'dr'", ":1: there is no setting \"doctor\""},
           {"\nid = 'a b'", ":2: id: an id is "},
           {"connect = 'nowhere'", ":1: connect: "},
           {"connect = '127.0.0.1:0'", ":1: connect: the port must not be 0"},
           {"doctor-fingerprint = '12'", ":1: doctor-fingerprint: a fingerprint is "},
           {"clock-window = '0s'", ":1: clock-window: "},
           {"data-dir = 'data'", ":1: data-dir: "},
           {"no-menu = 'yes'", ":1: no-menu takes true or false"},
           {"json = true", ":1: there is no setting \"json\""},
           {"group = 'ristretto255'", ":1: there is no setting \"group\""},
           {"passphrase-fd = 3", ":1: passphrase-fd: a secret"}}) {
    INFO(text);
    const auto file = h.file(text + "\n");
    for (const auto& what : {words{}, words{"enroll", "wardline1:x"}, words{"config", "show"}}) {
      auto line = what;
      line.insert(line.begin(), {"--config", file, "--id", "alice", "--doctor-id", "dr"});
      CHECK(contains(thrown_by<cli::usage_error>([&] { parsed(line); }).what(), file + told));
    }
    // Whoever wants to see a fingerprint does.
    CHECK(parsed({"identity", "--id", "alice", "--config", file}).what == command::identity);
    const auto checked = parsed({"config", "check", file});
    CHECK(checked.what == command::check_config);
    CHECK(checked.configuration.findings.size() == 1);
  }
}

}  // namespace wardline::patient
