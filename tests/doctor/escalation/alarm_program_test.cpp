#include "doctor/escalation/alarm_program.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using doctor::alarm_program;

namespace {

std::filesystem::path script(const test::temporary_directory& at, const std::string& lines) {
  const auto path = at.path() / "alarm.sh";
  std::ofstream(path) << "#!/bin/sh\n" << lines;
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

std::string text_in(const std::filesystem::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Until all have ended; what failed.
std::vector<std::string> finish(alarm_program& alarms) {
  std::vector<std::string> failures;
  do {
    for (auto& f : alarms.tick()) failures.push_back(std::move(f));
    std::this_thread::yield();
  } while (alarms.running() > 0);
  return failures;
}

}  // namespace

TEST_CASE("the alarm program is given the line, and of the environment two variables") {
  const test::temporary_directory at;
  test::manual_clock time{0};
  ::setenv("WARDLINE_SECRET", "42", 1);
  const auto out = (at.path() / "out").string();
  alarm_program alarms(script(at, "cat > '" + out + "'; env >> '" + out + "'; echo $# >> '" + out +
                                      "'; ls /proc/self/fd | wc -l >> '" + out + "'\n"),
                       time);
  const std::string names(100'000, 'x');  // more than a pipe holds
  REQUIRE(alarms.run(names + "\n"));
  CHECK(finish(alarms).empty());
  ::unsetenv("WARDLINE_SECRET");
  const auto written = text_in(out);
  CHECK(written.compare(0, names.size() + 1, names + "\n") == 0);
  CHECK(test::contains(written, "PATH=/usr/local/bin:/usr/bin:/bin"));
  CHECK_FALSE(test::contains(written, "WARDLINE_SECRET"));
  CHECK_FALSE(test::contains(written, "HOME="));
  CHECK(test::contains(written, "\n0\n"));  // no arguments
}

TEST_CASE("no more alarm programs run at once than four, and no more wait than there is room for") {
  const test::temporary_directory at;
  test::manual_clock time{0};
  alarm_program alarms(script(at, "exec sleep 600\n"), time);
  for (std::size_t i = 0; i < alarm_program::most_waiting; ++i) REQUIRE(alarms.run("x\n"));
  CHECK_FALSE(alarms.run("one more\n"));
  CHECK(alarms.tick().empty());
  CHECK(alarms.running() == alarm_program::at_once);
  alarms.tick();
  CHECK(alarms.running() == alarm_program::at_once);
}  // the destructor ends them: otherwise the test would run for ten minutes

TEST_CASE("an alarm program that takes too long is killed with what it has begun") {
  const test::temporary_directory at;
  test::manual_clock time{0};
  alarm_program alarms(script(at, "sleep 600 & sleep 600\n"), time);
  REQUIRE(alarms.run("x\n"));
  CHECK(alarms.tick().empty());
  CHECK(alarms.running() == 1);
  time.advance(alarm_program::run_time);
  const auto failures = finish(alarms);
  REQUIRE(failures.size() == 1);
  CHECK(test::contains(failures[0], "ran for more than 30 s"));
}

TEST_CASE("an alarm program that fails is told of") {
  const test::temporary_directory at;
  test::manual_clock time{0};
  alarm_program alarms(script(at, "exit 3\n"), time);
  REQUIRE(alarms.run("x\n"));
  CHECK(finish(alarms) == std::vector<std::string>{"the alarm program failed"});
}

TEST_CASE("what cannot be begun is refused at the start") {
  const test::temporary_directory at;
  const auto plain = at.path() / "plain";
  std::ofstream(plain) << "text";
  CHECK_THROWS_AS(alarm_program::check(plain), failure);
  CHECK_THROWS_AS(alarm_program::check("cat"), failure);
  CHECK_THROWS_AS(alarm_program::check(at.path()), failure);
  CHECK_THROWS_AS(alarm_program::check(at.path() / "absent"), failure);
  CHECK_NOTHROW(alarm_program::check("/bin/cat"));
}
