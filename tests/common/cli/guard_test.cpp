#include "common/cli/guard.hpp"

#include <cstdlib>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/common/cli/captured.hpp"
#include "tests/support/catch.hpp"

namespace wardline::cli {
namespace {

struct outcome {
  int status = -1;
  std::string said;
};

outcome run(const std::function<int()>& body) {
  outcome o;
  o.said = test::captured(2, [&] { o.status = run_guarded("doctor", body); });
  return o;
}

}  // namespace

TEST_CASE("what the program returns is its exit status") {
  const auto o = run([] { return 7; });
  CHECK(o.status == 7);
  CHECK(o.said.empty());
}

TEST_CASE("a failure is told with its hint and ends in status 1") {
  const auto o = run([]() -> int { throw failure("it broke", "Mend it."); });
  CHECK(o.status == failed);
  CHECK(o.said == "doctor: error: it broke\ndoctor: hint: Mend it.\n");
}

TEST_CASE("a failure is an error to systemd's journal, too") {
  const auto o = run([]() -> int {
    struct stat about {};
    REQUIRE(::fstat(STDERR_FILENO, &about) == 0);
    const auto stream = std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino);
    ::setenv("JOURNAL_STREAM", stream.c_str(), 1);
    throw failure("it broke", "Mend it.");
  });
  ::unsetenv("JOURNAL_STREAM");
  CHECK(o.said == "<3>doctor: error: it broke\n<3>doctor: hint: Mend it.\n");
}

TEST_CASE("wrong usage ends in status 2") {
  const auto o = run([]() -> int { throw usage_error("no such group"); });
  CHECK(o.status == wrong_usage);
  CHECK(o.said == "doctor: error: no such group\n");
}

TEST_CASE("any other exception ends in status 1") {
  const auto o = run([]() -> int { throw std::runtime_error("odd"); });
  CHECK(o.status == failed);
  CHECK(o.said == "doctor: error: odd\n");
}

TEST_CASE("what an error says cannot drive the terminal") {
  const auto o = run([]() -> int { throw failure("a\x1b[2Jb"); });
  CHECK(o.said.find('\x1b') == std::string::npos);
}

TEST_CASE("a closed standard input is not taken by the next file") {
  const int before = ::dup(0);
  ::close(0);
  int opened = -1;
  run_guarded("doctor", [&] {
    opened = ::dup(2);
    return done;
  });
  char c = 0;
  CHECK(opened > 2);
  CHECK(::read(0, &c, 1) == 0);
  ::close(opened);
  ::dup2(before, 0);
  ::close(before);
}

}  // namespace wardline::cli
