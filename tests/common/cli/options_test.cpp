#include "common/cli/options.hpp"

#include <vector>

#include <CLI/CLI.hpp>

#include "common/cli/guard.hpp"
#include "tests/common/cli/captured.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::cli {
namespace {

struct fixture {
  fixture() {
    add_version(app, "doctor");
    add_json(app, json);
    add_data_directory(app, directory);
    add_duration(app, "--expires", expires, seconds(60), seconds(86'400), "How long");
    app.add_subcommand("status", "Say how it is")->fallthrough();
  }

  std::optional<int> run(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "doctor");
    std::optional<int> status;
    err = test::captured(2, [&] {
      out = test::captured(1, [&] {
        status = parse(app, static_cast<int>(arguments.size()), arguments.data(), "doctor");
      });
    });
    return status;
  }

  CLI::App app{"A gateway"};
  bool json = false;
  std::optional<std::filesystem::path> directory;
  seconds expires{600};
  std::string out;
  std::string err;
};

}  // namespace

TEST_CASE("a command line that makes sense lets the program go on") {
  fixture f;
  CHECK(f.run({"status", "--json", "--data-dir", "some/where", "--expires", "2h"}) == std::nullopt);
  CHECK(f.json);
  CHECK(f.directory == std::filesystem::absolute("some/where"));
  CHECK(f.expires == seconds(7200));
  CHECK(f.out.empty());
  CHECK(f.err.empty());
}

TEST_CASE("help and version are asked for, not mistakes") {
  for (const auto& arguments :
       {std::vector<const char*>{"--help"}, {"status", "--help"}, {"--version"}}) {
    fixture f;
    CHECK(f.run(arguments) == done);
    CHECK_FALSE(f.out.empty());
    CHECK(f.err.empty());
  }
  fixture f;
  f.run({"--version"});
  CHECK(f.out.starts_with("doctor "));
}

TEST_CASE("a mistake in the command line is told and ends in status 2") {
  for (const auto& arguments : {std::vector<const char*>{"--nonsense"},
                                {"nonsense"},
                                {"--data-dir"},
                                {"--data-dir", ""},
                                {"--expires", "1s"},
                                {"--expires", "soon"}}) {
    fixture f;
    CHECK(f.run(arguments) == wrong_usage);
    CHECK(f.out.empty());
    CHECK(f.err.starts_with("doctor: error: "));
    CHECK(test::contains(f.err, "doctor: hint: "));
  }
}

}  // namespace wardline::cli
