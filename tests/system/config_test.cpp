#include <filesystem>
#include <fstream>

#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"
#include "tests/system/programs.hpp"

namespace wardline::test {
namespace {

std::string file_in(const temporary_directory& at, const std::string& text) {
  const auto file = at.path() / "doctor.toml";
  std::ofstream(file) << text;
  std::filesystem::permissions(file, std::filesystem::perms(0640));
  return file.string();
}

finished doctor(std::vector<std::string> words) {
  words.insert(words.begin(), WARDLINE_DOCTOR_BINARY);
  return run_program(std::move(words));
}

}  // namespace

TEST_CASE("config check tells what is wrong with a file, and by its exit status") {
  const temporary_directory at;
  const auto file = file_in(at, "id = 'dr'\nheartbeat = '30s'\n");
  const auto good = doctor({"config", "check", file});
  CHECK(good.status == 0);
  CHECK(good.output == file + ": nothing is wrong with it\n");
  CHECK(json::parse(doctor({"config", "check", file, "--json"}).output) ==
        json{{"file", file}, {"findings", json::array()}});

  file_in(at, "id = 'dr'\nhearbeat = '30s'\nlisten = 7460\n");
  const auto bad = doctor({"config", "check", "--config", file});
  CHECK(bad.status == 1);
  CHECK(bad.output == file + ":2: there is no setting \"hearbeat\" (did you mean heartbeat?)\n" +
                          file + ":3: listen takes a text in quotes\n");
  const auto as_json = doctor({"config", "check", file, "--json"});
  CHECK(as_json.status == 1);
  CHECK(json::parse(as_json.output).at("findings").at(0) ==
        json{{"where", file + ":2"},
             {"what", "there is no setting \"hearbeat\""},
             {"hint", "did you mean heartbeat?"}});
  CHECK(doctor({"config", "check", at.path().string() + "/none"}).status == 1);
  CHECK(doctor({"config"}).status == 2);

  const auto start = doctor({"--config", file, "--data-dir", at.path().string()});
  CHECK(start.status == 2);
  CHECK(contains(start.errors, file + ":2: there is no setting \"hearbeat\" (and 1 more)"));
}

TEST_CASE("config show lists every setting and where it comes from") {
  const temporary_directory at;
  const auto file = file_in(at, "id = 'dr'\nheartbeat = '20s'\n");
  const auto shown = doctor(
      {"config", "show", "--config", file, "--data-dir", at.path().string() + "/d", "--json"});
  REQUIRE(shown.status == 0);
  const auto all = json::parse(shown.output);
  CHECK(all.at("file") == file);
  const auto one = [&](const std::string& name) {
    for (const auto& s : all.at("settings")) {
      if (s.at("name") == name) return s;
    }
    return json();
  };
  CHECK(one("heartbeat") ==
        json{{"name", "heartbeat"}, {"value", "20s"}, {"source", "file"}, {"where", file + ":2"}});
  CHECK(one("data-dir").at("source") == "flag");
  CHECK(one("group").at("value").is_null());
  CHECK(one("overdue-after") ==
        json{{"name", "overdue-after"}, {"value", "2m"}, {"source", "default"}, {"where", ""}});
  const auto text = doctor({"config", "show", "--config", file});
  CHECK(text.status == 0);
  CHECK(contains(text.output, file + ":2"));
  CHECK_FALSE(std::filesystem::exists(at.path() / "d"));
}

TEST_CASE("a patient's file is checked and shown as a gateway's is") {
  const temporary_directory at;
  const auto patient = [](std::vector<std::string> words) {
    words.insert(words.begin(), {"/usr/bin/env", "WARDLINE_DOCTORID=dr", WARDLINE_PATIENT_BINARY});
    return run_program(std::move(words));
  };
  const auto file = file_in(at, "id = 'p1'\nconnect = 'ward.example:7460'\nno-menu = true\n");
  const auto checked = patient({"config", "check", file});
  CHECK(checked.status == 1);
  CHECK(checked.output ==
        "WARDLINE_DOCTORID: there is no such setting (did you mean WARDLINE_DOCTOR_ID?)\n");
  const auto shown = patient(
      {"config", "show", "--config", file, "--json", "--data-dir", at.path().string() + "/d"});
  CHECK(shown.status == 0);
  CHECK(contains(shown.errors, "patient: note: WARDLINE_DOCTORID: "));
  const auto all = json::parse(shown.output);
  CHECK(all.at("file") == file);
  CHECK(all.at("settings").at(0) ==
        json{{"name", "id"}, {"value", "p1"}, {"source", "file"}, {"where", file + ":1"}});
  CHECK_FALSE(std::filesystem::exists(at.path() / "d"));
  const auto table = patient({"config", "show", "--config", file});
  CHECK(table.status == 0);
  CHECK(contains(table.output, "ward.example:7460"));

  file_in(at, "id = 'p1'\nconect = 'ward.example:7460'\n");
  const auto start = patient({"--config", file, "--doctor-id", "dr"});
  CHECK(start.status == 2);
  CHECK(
      contains(start.errors,
               file + ":2: there is no setting \"conect\"\npatient: hint: did you mean connect?"));
}

}  // namespace wardline::test
