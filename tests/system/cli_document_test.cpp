// docs/cli.md says what scripts may rely on: here it is read, and the programs are held to it.
#include <algorithm>
#include <cctype>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/support/json_shape.hpp"
#include "tests/support/thrown.hpp"
#include "tests/system/programs.hpp"

namespace wardline::test {
namespace {

using strings = std::vector<std::string>;

const std::string& document() {
  static const std::string text = [] {
    std::ifstream in(std::string(WARDLINE_SOURCE_DIR) + "/docs/cli.md");
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
  }();
  REQUIRE_FALSE(text.empty());
  return text;
}

/// What stands before the first section, and in those of this program.
std::string part_about(const std::string& program) {
  std::istringstream in(document());
  std::string out;
  bool is_about_it = true;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## "))
      is_about_it = line.starts_with("## " + program + ":") || line == "## " + program;
    if (is_about_it) out += line + "\n";
  }
  return out;
}

const std::string of_doctor = "### What the commands print with `--json`";
const std::string of_patient = "### What the patient's commands print with `--json`";

/// The shapes below a heading, and which of their members have been seen.
class documented {
 public:
  explicit documented(const std::string& heading) : shapes_(shapes_below(document(), heading)) {}

  const json& check(const std::string& name, const json& value) {
    CAPTURE(name, value.dump());
    const auto found = shapes_.find(name);
    REQUIRE(found != shapes_.end());
    CHECK(found->second.problems(value) == strings{});
    used_.insert(name);
    return value;
  }

  /// Those of all shapes, or of those that were used.
  strings never_seen(bool used_ones_only = false) const {
    strings out;
    for (const auto& [name, shape] : shapes_) {
      if (used_ones_only && !used_.contains(name)) continue;
      for (const auto& member : shape.never_seen()) out.push_back(name + member);
    }
    return out;
  }

  /// Without the words that stand for something, and options: "doctor audit verify".
  std::set<std::string> commands() const {
    std::set<std::string> out;
    for (const auto& [name, unused] : shapes_) {
      if (name == "a command that fails") continue;
      std::istringstream words(name);
      std::string command;
      for (std::string word; words >> word;) {
        if (word.starts_with("--") || std::isupper(static_cast<unsigned char>(word[0])) != 0) break;
        command += (command.empty() ? "" : " ") + word;
      }
      out.insert(command);
    }
    return out;
  }

 private:
  std::map<std::string, json_shape> shapes_;
  std::set<std::string> used_;
};

/// The options of each command, by its whole name, in the table that parses the command line.
std::map<std::string, std::set<std::string>> command_table(const std::string& name,
                                                           const std::string& program) {
  const auto page = run_program({program, "--generate", "man"});
  REQUIRE(page.status == 0);
  std::map<std::string, std::set<std::string>> out;
  auto* options = &out[name];
  std::istringstream in(page.output);
  for (std::string line; std::getline(in, line);) {
    for (std::size_t at = 0; (at = line.find("\\-", at)) != std::string::npos;) line.erase(at, 1);
    if (line.starts_with(".SS ")) options = &out[line.substr(4)];
    if (!line.starts_with("\\fB-")) continue;
    for (std::size_t at = 0; (at = line.find("\\fB--", at)) != std::string::npos;) {
      at += 3;
      options->insert(line.substr(at, line.find("\\fR", at) - at));
    }
  }
  return out;
}

const std::vector<std::pair<std::string, std::string>> programs{
    {"doctor", WARDLINE_DOCTOR_BINARY},
    {"patient", WARDLINE_PATIENT_BINARY},
    {"wardline-bench", WARDLINE_BENCH_BINARY}};

/// A line of a script, with a passphrase at descriptor 3.
json with_passphrase(const strings& words) {
  strings line{"/bin/sh", "-c", "exec \"$@\" 3<<TEXT\nfive words at random here\nTEXT\n", "sh"};
  line.insert(line.end(), words.begin(), words.end());
  line.insert(line.end(), {"--new-passphrase-fd", "3", "--json"});
  const auto out = run_program(line);
  INFO(out.output << out.errors);
  REQUIRE(out.status == 0);
  return json::parse(out.output);
}

}  // namespace

TEST_CASE("a shape refuses what it does not say") {
  json_shape shape(R"({a: text, b?: number|null, c: [{d: "x"|"in y"}], t: time|0})");
  const auto problems = [&](const char* text) { return shape.problems(json::parse(text)).size(); };
  CHECK(problems(R"({"a":"","c":[],"t":0})") == 0);
  CHECK(shape.never_seen() == strings{".b", ".c[].d"});
  CHECK(problems(R"({"a":"","b":null,"c":[{"d":"in y"}],"t":1790000000000})") == 0);
  CHECK(shape.never_seen() == strings{".b"});
  CHECK(problems(R"({"a":"","b":7,"c":[{"d":"x"}],"t":0})") == 0);
  CHECK(shape.never_seen() == strings{});
  CHECK(problems(R"({"a":1,"c":[],"t":0})") == 1);
  CHECK(problems(R"({"c":[],"t":0})") == 1);
  CHECK(problems(R"({"a":"","c":[],"t":0,"more":1})") == 1);
  CHECK(problems(R"({"a":"","b":-1,"c":[{"d":"z"}],"t":1790000000})") == 3);
  CHECK(problems(R"({"a":"","c":{},"t":0})") == 1);
  CHECK(problems("[]") == 1);
  CHECK_THROWS(json_shape("{a: }"));
  CHECK_THROWS(json_shape("{a: text} b"));
  CHECK_THROWS(json_shape("{a: colour}").problems(json::parse(R"({"a":1})")));
}

TEST_CASE("docs/cli.md names every command and every option, and the JSON of each that has it") {
  std::map<std::string, std::set<std::string>> with_json;
  for (const auto& [name, program] : programs) {
    const auto about = part_about(name);
    for (const auto& [command, options] : command_table(name, program)) {
      CAPTURE(command);
      if (command != name) {
        const auto word = command.substr(name.size() + 1);
        CHECK((contains(about, "`" + word + "`") || contains(about, "`" + word + " ") ||
               contains(about, command) || contains(about, "|" + word + "|") ||
               contains(about, "|" + word + " ")));
        if (options.contains("--json")) with_json[name].insert(command);
      }
      CHECK(options.contains("--help"));
      for (const auto& option : options) {
        CAPTURE(option);
        CHECK((contains(about, "`" + option) || contains(about, "[" + option) ||
               contains(about, " " + option)));
      }
    }
  }
  CHECK(documented(of_doctor).commands() == with_json["doctor"]);
  CHECK(documented(of_patient).commands() == with_json["patient"]);
}

TEST_CASE("the JSON of every command and event is what docs/cli.md says") {
  documented commands(of_doctor);
  documented events("### Events");
  documented patients_commands(of_patient);
  documented patients_events("### The patient's events");
  const temporary_directory at;
  const auto file = [&](const char* name) { return (at.path() / name).string(); };

  doctor_program doctor("ristretto255", {"--resend-after", "1s", "--overdue-after", "2s"});
  patient_program alice("alice");
  patient_program bob("bob");
  patient_program carl("carl");
  const auto run = [&](const std::string& entry, const strings& words) {
    return commands.check("doctor " + entry, doctor.command(words));
  };
  const auto id_of = [](const json& sent) { return sent.at("message_id").get<std::string>(); };

  run("identity", {"identity"});
  std::ofstream(file("config")) << "heartbeat = 30\nhartbeat = 30\n";
  std::filesystem::permissions(file("config"), std::filesystem::perms::owner_all);
  const auto faulty = doctor.try_command({"config", "check", file("config")});
  CHECK(faulty.status == 1);
  commands.check("doctor config check", json::parse(faulty.output));
  const auto without_file = run_program({"/usr/bin/env", "WARDLINE_HEARTBEAT=never",
                                         WARDLINE_DOCTOR_BINARY, "config", "check", "--json"});
  CHECK(without_file.status == 1);
  commands.check("doctor config check", json::parse(without_file.output));
  const auto settings = (std::filesystem::path(doctor.data_directory()) / "config.toml").string();
  std::ofstream(settings) << "heartbeat = 30\n";
  run("config show", {"config", "show"});
  run("invite", {"invite", "zed"});
  run("invites", {"invites"});
  run("withdraw", {"withdraw", "zed"});
  alice.sign_in(doctor);
  bob.start(doctor);
  doctor.events().await("waiting", where("id", "bob"));
  run("waiting", {"waiting"});
  run("admit", {"admit", "bob"});
  bob.events().await("authenticated");
  carl.start(doctor);
  doctor.events().await("waiting", where("id", "carl"));
  run("refuse", {"refuse", "carl"});
  CHECK(carl.events().wait() == 1);

  run("broadcast", {"broadcast", "Good morning"});
  const auto said = id_of(run("broadcast --wait", {"broadcast", "Lunch at noon", "--wait", "60"}));
  run("correct", {"correct", said, "Lunch at one"});
  run("correct --wait", {"correct", said, "Lunch at two", "--wait", "60"});
  run("cancel", {"cancel", said});
  run("message", {"message", "alice", "Good morning, Alice"});
  const auto told =
      id_of(run("message --wait", {"message", "alice", "Come by at ten", "--wait", "60"}));
  alice.say("ack " + told);
  doctor.events().await("delivery", where("state", "acknowledged"));
  run("cancel --wait", {"cancel", told, "--wait", "60"});
  alice.say("send Thank you");
  alice.events().await("delivery", where("state", "decrypted"));
  run("inbox", {"inbox"});
  alice.say("nonsense");
  alice.events().await("error");

  CHECK(bob.stop(SIGTERM) == 0);
  doctor.events().await("patient_disconnected", where("id", "bob"));
  doctor.command({"broadcast", "Fire", "--expires", "1h"});
  doctor.events().await("overdue");
  for (const auto& m : run("deliveries", {"deliveries"}))
    run("deliveries MESSAGE_ID", {"deliveries", id_of(m)});
  run("patients", {"patients"});
  run("status", {"status"});

  commands.check("a command that fails",
                 json::parse(doctor.try_command({"admit", "nobody"}).output));
  run("block", {"block", "bob"});
  run("unblock", {"unblock", "bob"});
  run("revoke", {"revoke", "bob"});
  run("disconnect", {"disconnect", "alice"});
  run("disconnect --all", {"disconnect", "--all"});
  CHECK(alice.events().wait() <= 1);
  run("audit", {"audit"});
  run("audit verify", {"audit", "verify"});
  const auto wrong =
      doctor.try_command({"audit", "verify", "--known", "1:" + std::string(64, '0')});
  CHECK(wrong.status == 1);
  commands.check("doctor audit verify", json::parse(wrong.output));
  run("audit export", {"audit", "export", file("log")});
  run("backup", {"backup", file("backup")});
  doctor.stop();

  commands.check("a command that fails", json::parse(doctor.try_command({"status"}).output));
  const strings restore{WARDLINE_DOCTOR_BINARY, "restore",  file("backup"), "--id", "dr-lee",
                        "--data-dir",           file("new")};
  auto with_json = restore;
  with_json.emplace_back("--json");
  commands.check("doctor restore", json::parse(run_program(with_json).output));
  const auto set_up =
      run_program({WARDLINE_DOCTOR_BINARY, "setup", "--json", "--id", "dr-may", "--data-dir",
                   file("may"), "--address", "ward.example", "--patient", "zoe", "--group",
                   "ristretto255", "--no-passphrase"});
  commands.check("doctor setup", json::parse(set_up.output));
  commands.check("doctor passwd", with_passphrase({WARDLINE_DOCTOR_BINARY, "passwd", "--id",
                                                   "dr-lee", "--data-dir", file("new")}));
  const strings whose{"--id", "alice", "--data-dir", alice.data_directory()};
  const auto patient = [&](const std::string& command) {
    strings out{WARDLINE_PATIENT_BINARY, command};
    out.insert(out.end(), whose.begin(), whose.end());
    return out;
  };
  auto identity = patient("identity");
  identity.emplace_back("--json");
  patients_commands.check("patient identity", json::parse(run_program(identity).output));
  patients_commands.check("patient passwd", with_passphrase(patient("passwd")));
  const auto patients_faulty =
      run_program({WARDLINE_PATIENT_BINARY, "config", "check", file("config"), "--json"});
  patients_commands.check("patient config check", json::parse(patients_faulty.output));
  std::ofstream(alice.data_directory() + "/config.toml") << "plain = true\n";
  const auto shown = run_program({WARDLINE_PATIENT_BINARY, "config", "show", "--id", "alice",
                                  "--data-dir", alice.data_directory(), "--json"});
  patients_commands.check("patient config show", json::parse(shown.output));

  for (const auto& e : doctor.events().history()) events.check(e.at("event"), e);
  for (const auto& e : bob.events().history()) patients_events.check(e.at("event"), e);
  for (const auto& e : alice.events().history()) {
    patients_events.check(e.at("event"), e);
    patients_commands.check("patient enroll", e);
  }

  // What no text has.
  CHECK(commands.never_seen() == strings{"doctor inbox[].body"});
  CHECK(patients_commands.never_seen() == strings{});
  CHECK(events.never_seen(true) == strings{"message.body"});
  for (const char* name : {"disconnected", "message", "authenticated", "group_key", "delivery",
                           "acknowledged", "error", "waiting"}) {
    CAPTURE(name);
    const auto& all = alice.events().history();
    const auto& others = bob.events().history();
    const auto is_that = where("event", name);
    CHECK((std::any_of(all.begin(), all.end(), is_that) ||
           std::any_of(others.begin(), others.end(), is_that)));
  }
}

TEST_CASE("exit statuses are those of docs/cli.md") {
  const temporary_directory home;
  const auto programs_in = std::filesystem::path(WARDLINE_DOCTOR_BINARY).parent_path().string();
  const strings environment{"/usr/bin/env", "PATH=" + programs_in + ":/usr/bin:/bin",
                            "XDG_DATA_HOME=" + home.path().string()};
  const auto begin = [&](strings words) {
    words.insert(words.begin(), environment.begin(), environment.end());
    return words;
  };
  std::string address;
  std::size_t tried = 0;
  const auto try_line = [&](std::string line) {
    const auto comment = line.rfind(" # ");
    REQUIRE(comment != std::string::npos);
    const int expected = line.at(comment + 3) - '0';
    line.resize(comment);
    const auto put = [&line](const std::string& name, const std::string& value) {
      if (const auto at = line.find(name); at != std::string::npos)
        line.replace(at, name.size(), value);
    };
    put("HOST:PORT", address);
    put("HASH", std::string(64, '0'));
    const auto out =
        run_program(begin({"/bin/sh", "-c", "cd " + home.path().string() + "; " + line}));
    CAPTURE(line, out.output, out.errors);
    CHECK(out.status == expected);
    // Who fails says so.
    if (expected != 0 && line.starts_with("doctor") && !contains(line, "--wait") &&
        !contains(line, "verify"))
      CHECK(contains(out.errors, "doctor: error: "));
    ++tried;
  };

  // The second block begins with the first line that needs the gateway.
  const auto lines = blocks_below(document(), "## Exit statuses");
  const auto running = std::find_if(lines.begin(), lines.end(), [](const auto& line) {
    return line.starts_with("doctor status --id dr ") && line.ends_with("# 0");
  });
  REQUIRE(running != lines.end());
  for (auto line = lines.begin(); line != running; ++line) try_line(*line);

  event_program gateway(begin({"doctor", "--id", "dr", "--listen", "127.0.0.1:0", "--no-menu"}));
  address = gateway.await("listening").at("address");
  const auto invite = run_program(begin({"doctor", "invite", "p1", "--id", "dr", "--json"}));
  event_program patient(
      begin({"patient", "enroll", json::parse(invite.output).at("invite"), "--no-menu"}));
  gateway.await("patient_authenticated");
  patient.program().signal(SIGTERM);
  CHECK(patient.wait() == 0);
  gateway.await("patient_disconnected");
  for (auto line = running; line != lines.end(); ++line) try_line(*line);
  gateway.program().signal(SIGTERM);
  CHECK(gateway.wait() == 0);
  CHECK(tried == lines.size());
}

TEST_CASE("the configuration that the package brings is right, and each line that it offers") {
  std::ifstream in(std::string(WARDLINE_SOURCE_DIR) + "/scripts/package/doctor.toml");
  const temporary_directory at;
  const auto file = (at.path() / "doctor.toml").string();
  std::ofstream out(file);
  std::size_t offered = 0;
  for (std::string line; std::getline(in, line);) {
    // A setting that is commented out has no blank behind the sign.
    const bool is_offer = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    offered += is_offer ? 1 : 0;
    out << (is_offer ? line.substr(1) : line) << '\n';
  }
  out.close();
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  CHECK(offered == 2);
  const auto checked = run_program({WARDLINE_DOCTOR_BINARY, "config", "check", file});
  CAPTURE(checked.output, checked.errors);
  CHECK(checked.status == 0);
}

}  // namespace wardline::test
