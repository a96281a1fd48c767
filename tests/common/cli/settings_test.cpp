#include "common/cli/settings.hpp"

#include <CLI/CLI.hpp>

#include "common/cli/nearest.hpp"
#include "common/cli/options.hpp"
#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::cli {
namespace {

/// A program with a setting of each kind, and what it was told.
struct fixture {
  fixture() {
    app.add_option("--name", who, "Who");
    app.add_option("--places", places, "How many")
        ->check(CLI::Range(0U, 100U))
        ->capture_default_str()
        ->type_name("N");
    app.add_flag("--quiet", quiet, "Say nothing");
    add_duration(app, "--wait", wait, seconds(1), seconds(60), "How long");
    add_json(app, json);
    auto* command = app.add_subcommand("list", "List");
    command->add_option("--name", who, "Who");
  }

  settings parsed(std::vector<const char*> words) {
    words.insert(words.begin(), "p");
    app.parse(static_cast<int>(words.size()), words.data());
    return settings(
        app,
        [](const std::string& name, const std::string& value) {
          if (name == "name" && value == "nobody") throw failure("is not a name", "choose another");
        },
        environment);
  }

  CLI::App app{"A program", "p"};
  std::map<std::string, std::string> environment;
  std::string who = "?";
  unsigned places = 7;
  bool quiet = false;
  bool json = false;
  seconds wait{10};
};

std::vector<std::string> told(const std::vector<finding>& all) {
  std::vector<std::string> out;
  for (const auto& f : all)
    out.push_back(f.where + ": " + f.what + (f.hint.empty() ? "" : "; ") + f.hint);
  return out;
}

using lines = std::vector<std::string>;

std::string source_of(const settings& s, const std::string& name) {
  for (const auto& one : s.all()) {
    if (one.name == name) return std::string(cli::name(one.source)) + " " + one.value.value_or("-");
  }
  return "unknown";
}

}  // namespace

TEST_CASE("a file sets what the program's options are called") {
  fixture f;
  auto s = f.parsed({});
  CHECK(told(s.take(read_settings("# ours\nname = 'ann'\nplaces = 3\nquiet = true\nwait = \"1m\"\n",
                                  "f.toml"))) == lines{});
  CHECK(f.who == "ann");
  CHECK(f.places == 3);
  CHECK(f.quiet);
  CHECK(f.wait == seconds(60));
  CHECK(source_of(s, "places") == "file 3");
  CHECK(s.all().front().where == "f.toml:2");
}

TEST_CASE("a duration may be a number of seconds") {
  fixture f;
  auto s = f.parsed({});
  CHECK(told(s.take(read_settings("wait = 12", "f"))) == lines{});
  CHECK(f.wait == seconds(12));
}

TEST_CASE("a flag comes before the environment, that before the file, and the default is last") {
  fixture f;
  f.environment = {{"WARDLINE_NAME", "env"}, {"WARDLINE_PLACES", "5"}};
  auto s = f.parsed({"--name", "flag"});
  CHECK(told(s.take_environment()) == lines{});
  CHECK(told(s.take(read_settings("name = 'file'\nplaces = 6\nwait = 20", "f"))) == lines{});
  CHECK(f.who == "flag");
  CHECK(f.places == 5);
  CHECK(f.wait == seconds(20));
  CHECK(source_of(s, "name") == "flag flag");
  CHECK(source_of(s, "places") == "environment 5");
  CHECK(source_of(s, "wait") == "file 20");
  CHECK(source_of(s, "quiet") == "default false");
}

TEST_CASE("what a command names of the program's options comes first as well") {
  fixture f;
  f.environment = {{"WARDLINE_NAME", "env"}};
  auto s = f.parsed({"list", "--name", "flag"});
  CHECK(told(s.take_environment()) == lines{});
  CHECK(told(s.take(read_settings("name = 'file'", "f"))) == lines{});
  CHECK(f.who == "flag");
}

TEST_CASE("what is wrong in a file is told with its line, and not taken") {
  fixture f;
  auto s = f.parsed({});
  const std::string text =
      "nmae = 'ann'\n"
      "places = 101\n"
      "quiet = 'yes'\n"
      "wait = true\n"
      "json = true\n"
      "passphrase = 'x'\n"
      "[limits]\n"
      "places = 5\n";
  CHECK(
      told(s.take(read_settings(text, "f.toml"))) ==
      lines{"f.toml:7: limits is a table; there are none: KEY = VALUE",
            "f.toml:1: there is no setting \"nmae\"; did you mean name?",
            "f.toml:2: places: Value 101 not in range 0 to 100",
            "f.toml:3: quiet takes true or false",
            "f.toml:4: wait takes a duration, such as \"30s\" or \"10m\"",
            "f.toml:5: there is no setting \"json\"",
            "f.toml:6: passphrase: a secret does not belong into this file; see \"Passphrase\" in "
            "docs/operations.md"});
  CHECK(f.who == "?");
  CHECK(f.places == 7);
  CHECK(f.wait == seconds(10));
  CHECK_FALSE(f.json);
}

TEST_CASE("a value must be of the option's type, and in its range") {
  for (const auto& [text, told_of] : std::vector<std::pair<std::string, std::string>>{
           {"name = 3", "f:1: name takes a text in quotes"},
           {"name = [\"a\"]", "f:1: name takes one value"},
           {"name = 1979-05-27", "f:1: name takes one value"},
           {"places = '3'", "f:1: places takes a number"},
           {"places = true", "f:1: places takes a number"},
           {"wait = 3.5", "f:1: wait takes a duration, such as \"30s\" or \"10m\""},
           {"quiet = 1", "f:1: quiet takes true or false"}}) {
    fixture f;
    auto s = f.parsed({});
    CHECK(told(s.take(read_settings(text, "f"))) == lines{told_of});
  }
  for (const std::string text : {"places = -1", "places = 3.5", "wait = 61", "wait = -1",
                                 "wait = 'soon'", "name = 'nobody'"}) {
    fixture f;
    auto s = f.parsed({});
    INFO(text);
    CHECK(told(s.take(read_settings(text, "f"))).size() == 1);
    CHECK_FALSE(s.is_set(text.substr(0, text.find(' '))));
  }
}

TEST_CASE("a file that is not TOML is told with the line at which it is not") {
  for (const std::string text :
       {"\nname = ", "\nname = 'a'\nname = 'b'", "\nname", "\n[", "\n\"\x01"}) {
    INFO(text);
    const auto read = read_settings(text, "f");
    REQUIRE(read.findings.size() == 1);
    CHECK(read.entries.empty());
    CHECK(test::contains(read.findings.front().where, "f:"));
    CHECK_FALSE(read.findings.front().what.empty());
  }
}

TEST_CASE("a file's value that a flag or the environment replaces has to be right all the same") {
  fixture f;
  f.environment = {{"WARDLINE_PLACES", "5"}};
  auto s = f.parsed({"--name", "nobody"});
  s.take_environment();
  CHECK(told(s.take(read_settings("places = 1000\nname = 'nobody'", "f"))).size() == 2);
  CHECK(f.places == 5);
  CHECK(f.who == "nobody");  // what the command line says is judged where it always was
}

TEST_CASE("what is wrong in the environment is told with the variable") {
  fixture f;
  f.environment = {{"WARDLINE_PLACES", "many"},
                   {"WARDLINE_QUIET", "yes"},
                   {"WARDLINE_NAME", ""},
                   {"WARDLINE_WAIT", "1h"},
                   {"WARDLINE_PASSPHRASE", "x"}};
  auto s = f.parsed({});
  const auto found = s.take_environment();
  REQUIRE(found.size() == 4);
  CHECK(found[0].where == "WARDLINE_PASSPHRASE");
  CHECK(found[1].where == "WARDLINE_PLACES");
  CHECK(told({found[2]}) == lines{"WARDLINE_QUIET: quiet: takes true or false"});
  CHECK(found[3].where == "WARDLINE_WAIT");
  CHECK(f.who == "?");
  CHECK(f.places == 7);
}

TEST_CASE("a variable that is nearly one of a setting is told, and others are left alone") {
  fixture f;
  f.environment = {{"WARDLINE_PALCES", "5"},         {"WARDLINE_PLACES", "5"},
                   {"WARDLINE_wait", "5"},           {"WARDLINE_CONFIG", "f"},
                   {"WARDLINE_PASSPHRASE", "x"},     {"WARDLINE_PASSPHRASE_FIEL", "x"},
                   {"WARDLINE_OTHERS_OWN", "x"},     {"WARDLINE_", "x"},
                   {"WARDLINE_PASSPHRASE_FILE", "x"}};
  const auto s = f.parsed({});
  CHECK(told(s.misspelt()) ==
        lines{"WARDLINE_PALCES: there is no such setting; did you mean WARDLINE_PLACES?",
              "WARDLINE_PASSPHRASE_FIEL: there is no such setting; did you mean "
              "WARDLINE_PASSPHRASE_FILE?",
              "WARDLINE_wait: there is no such setting; did you mean WARDLINE_WAIT?"});
}

TEST_CASE("the nearest word is found, and none that is far away") {
  const lines words{"heartbeat", "listen", "max-queue"};
  CHECK(nearest("hearbeat", words) == "heartbeat");
  CHECK(nearest("heart_beat", words) == "heartbeat");
  CHECK(nearest("lisetn", words) == "listen");
  CHECK(nearest("max_queue", words) == "max-queue");
  CHECK(nearest("colour", words).empty());
  CHECK(nearest("", words).empty());
  CHECK(nearest(std::string(1000, 'l'), words).empty());
}

}  // namespace wardline::cli
