// The gateway's settings: where they come from, and which of them is in force.
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include "common/cli/guard.hpp"
#include "doctor/command_line.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"
#include "tests/support/variable.hpp"

namespace wardline::doctor {
namespace {

using test::contains;
using test::thrown_by;
using test::variable;
using words = std::vector<std::string>;

command_line parsed(const words& all) {
  std::vector<const char*> argv{"doctor"};
  for (const auto& w : all) argv.push_back(w.c_str());
  command_line out;
  const auto status = parse_command_line(static_cast<int>(argv.size()), argv.data(), out);
  REQUIRE_FALSE(status.has_value());
  return out;
}

struct home {
  std::string file(const std::string& name, const std::string& text, unsigned mode = 0644) const {
    const auto path = at.path() / name;
    std::ofstream(path) << text;
    ::chmod(path.c_str(), mode);
    return path.string();
  }
  std::string directory() const { return at.path().string(); }

  test::temporary_directory at;
};

}  // namespace

TEST_CASE("a configuration file says everything that a service needs") {
  const home h;
  const auto file = h.file("doctor.toml", "id = 'dr'\ndata-dir = '" + h.directory() +
                                              "/data'\nlisten = '0.0.0.0:7460'\nno-menu = true\n"
                                              "heartbeat = '5s'\nmax-per-source = 100\n"
                                              "handshake-rate = 2.5\nlog-level = 'debug'\n"
                                              "group = 'ristretto255'\n");
  const auto line = parsed({"--config", file});
  CHECK(line.settings.id == "dr");
  CHECK(line.settings.data_directory == h.directory() + "/data");
  CHECK(line.settings.listen == net::address{"0.0.0.0", 7460});
  CHECK(line.settings.heartbeat == seconds(5));
  CHECK(line.settings.admission.connections_per_source == 100);
  CHECK(line.settings.admission.handshakes_per_second == 2.5);
  CHECK(line.settings.group == crypto::group_id::ristretto255);
  CHECK(line.log == cli::log_level::debug);
  CHECK_FALSE(line.menu);
  const variable named("WARDLINE_CONFIG", file);
  CHECK(parsed({}).settings.id == "dr");
  CHECK(parsed({"--config", h.file("other.toml", "id = 'dr-b'\n"), "--data-dir", h.directory()})
            .settings.id == "dr-b");
  CHECK(parsed({"status"}).settings.data_directory == h.directory() + "/data");
  CHECK(parsed({"status", "--id", "other"}).settings.id == "other");
}

TEST_CASE("the data directory's own file is taken by itself, and cannot lead elsewhere") {
  const home h;
  h.file("config.toml", "heartbeat = 7\n");
  CHECK(parsed({"--id", "dr", "--data-dir", h.directory()}).settings.heartbeat == seconds(7));
  const variable directory("WARDLINE_DATA_DIR", h.directory());
  CHECK(parsed({"--id", "dr"}).settings.heartbeat == seconds(7));
  const auto file = h.file("config.toml", "heartbeat = 7\ndata-dir = '/elsewhere'\n");
  const auto why = thrown_by<cli::usage_error>([] { parsed({"--id", "dr"}); });
  CHECK(contains(why.what(), file + ":2: data-dir: "));
  CHECK(parsed({"status", "--id", "dr"}).settings.data_directory == h.directory());
}

TEST_CASE("a gateway does not begin with a setting that is wrong, and its place is told") {
  const home h;
  for (const auto& [text, told] : std::vector<std::pair<std::string, std::string>>{
           {"hartbeat = 5", ":1: there is no setting \"hartbeat\""},
           {"\nid = 'a b'", ":2: id: \"a b\" is not an id"},
           {"listen = 'nowhere'", ":1: listen: "},
           {"handshake-rate = nan", ":1: handshake-rate: "},
           {"group = 'ffdhe1'", ":1: group: unknown group"},
           {"log-level = 'loud'", ":1: log-level: unknown log level"},
           {"on-overdue = '/no/such'", ":1: on-overdue: "},
           {"data-dir = 'data'", ":1: data-dir: "},
           {"passphrase = 'x'", ":1: passphrase: a secret"},
           {"passphrase-fd = 3", ":1: passphrase-fd: a secret"},
           {"config = 'x'", ":1: there is no setting \"config\""},
           {"generate = 'man'", ":1: there is no setting \"generate\""},
           {"help = true", ":1: there is no setting \"help\""},
           {"id = ", ":1: "}}) {
    INFO(text);
    const auto file = h.file("doctor.toml", text + "\n");
    const words line{"--config", file, "--id", "dr", "--data-dir", h.directory()};
    const auto why = thrown_by<cli::usage_error>([&] { parsed(line); });
    CHECK(contains(why.what(), file + told));
    // An emergency does not wait for it.
    auto command = line;
    command.insert(command.begin(), {"broadcast", "Fire"});
    CHECK(parsed(command).request.has_value());
  }
  const auto two = h.file("doctor.toml", "overdue-after = 10\nresend-after = 20\n");
  CHECK_THROWS_AS(parsed({"--config", two, "--id", "dr", "--data-dir", h.directory()}),
                  cli::usage_error);
}

TEST_CASE("a configuration file that others can change is not taken") {
  const home h;
  for (const unsigned mode : {0664U, 0646U, 0602U}) {
    const auto file = h.file("doctor.toml", "heartbeat = 5\n", mode);
    const auto why = thrown_by<cli::usage_error>([&] { parsed({"--config", file, "--id", "dr"}); });
    CHECK(contains(why.what(), "can be changed by other users"));
    ::chmod(file.c_str(), 0644);
  }
  CHECK_THROWS_AS(parsed({"--config", h.directory(), "--id", "dr"}), cli::usage_error);
  CHECK_THROWS_AS(parsed({"--config", h.directory() + "/none", "--id", "dr"}), cli::usage_error);
  const auto large = h.file("large", std::string(70'000, '#'));
  CHECK_THROWS_AS(parsed({"--config", large, "--id", "dr"}), cli::usage_error);
}

TEST_CASE("the settings in force are known with their source") {
  const home h;
  const auto file =
      h.file("doctor.toml", "heartbeat = '5s'\nclock-window = '9s'\nblock-time = 3\n");
  const variable window("WARDLINE_CLOCK_WINDOW", "8s");
  const variable block("WARDLINE_BLOCK_TIME", "7");
  const auto line = parsed({"--id", "dr", "--data-dir", h.directory(), "--config", file,
                            "--block-time", "9", "config", "show"});
  CHECK(line.asked_config->what == cli::config_command::act::show);
  CHECK(line.settings.heartbeat == seconds(5));
  CHECK(line.settings.clock_window == seconds(8));
  CHECK(line.settings.verifier_block == seconds(9));
  std::map<std::string, cli::setting> all;
  for (const auto& s : line.configuration.in_force) all[s.name] = s;
  CHECK(all.at("heartbeat").where == file + ":1");
  CHECK(all.at("clock-window").where == "WARDLINE_CLOCK_WINDOW");
  CHECK(all.at("block-time").source == cli::setting_source::flag);
  CHECK(all.at("block-time").value == "9");
  CHECK(all.at("max-failures").source == cli::setting_source::standard);
  CHECK(all.at("max-failures").value == "20");
  CHECK(all.at("listen").value == "127.0.0.1:7460");
  CHECK(all.count("json") + all.count("config") + all.count("passphrase-fd") == 0);
}

TEST_CASE("a misspelt variable keeps no gateway from its work, and is known") {
  const home h;
  const variable wrong("WARDLINE_HEARTBEET", "5s");
  const auto line = parsed({"--id", "dr", "--data-dir", h.directory()});
  CHECK(line.settings.heartbeat == seconds(30));
  CHECK(line.configuration.findings.empty());
  REQUIRE(line.configuration.misspelt.size() == 1);
  CHECK(cli::text_of(line.configuration.misspelt.front()) ==
        "WARDLINE_HEARTBEET: there is no such setting (did you mean WARDLINE_HEARTBEAT?)");
}

TEST_CASE("of flag, variable and file the first that says something is in force") {
  const home h;
  for (int said = 0; said < 8; ++said) {
    const bool by_flag = (said & 4) != 0;
    const bool by_variable = (said & 2) != 0;
    const bool by_file = (said & 1) != 0;
    CAPTURE(by_flag, by_variable, by_file);
    const auto file = h.file("doctor.toml", by_file ? "heartbeat = '1s'\n" : "");
    const variable beat("WARDLINE_HEARTBEAT", by_variable ? "2s" : "");
    words line{"--id", "dr", "--data-dir", h.directory(), "--config", file};
    if (by_flag) line.insert(line.end(), {"--heartbeat", "3s"});
    const auto out = parsed(line);
    CHECK(out.settings.heartbeat == seconds(by_flag ? 3 : by_variable ? 2 : by_file ? 1 : 30));
    const auto source = by_flag       ? cli::setting_source::flag
                        : by_variable ? cli::setting_source::environment
                        : by_file     ? cli::setting_source::file
                                      : cli::setting_source::standard;
    for (const auto& s : out.configuration.in_force) {
      if (s.name == "heartbeat") CHECK(s.source == source);
    }
  }
}

}  // namespace wardline::doctor
