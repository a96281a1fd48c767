#include "bench/harness/child_process.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <optional>
#include <thread>

#include "bench/harness/free_port.hpp"
#include "bench/harness/temporary_directory.hpp"
#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::bench {
namespace {

std::string contents(const std::filesystem::path& of) {
  std::ifstream file(of);
  return {std::istreambuf_iterator<char>(file), {}};
}

void await_end(child_process& which) {
  while (which.is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST_CASE("a program is found by its name, and one that is not there is not") {
  CHECK(find_program("sh").has_value());
  CHECK_FALSE(find_program("wardline-no-such-program").has_value());
  CHECK_FALSE(find_program("").has_value());
}

TEST_CASE("a child's output goes to its file, and its end is seen") {
  const temporary_directory directory;
  const auto output = directory.path() / "output.txt";
  child_process child({*find_program("sh"), "-c", "echo out; echo err >&2"}, output);
  await_end(child);
  CHECK(contents(output) == "out\nerr\n");
  const auto why = test::thrown_by<failure>([&] { child.used_cpu_us(); });
  CHECK(test::contains(why.what(), "ended"));
}

TEST_CASE("a child ends with its object") {
  const temporary_directory directory;
  const auto output = directory.path() / "output.txt";
  pid_t pid = 0;
  {
    child_process child({*find_program("sh"), "-c", "echo $$; exec sleep 600"}, output);
    while (contents(output).empty()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    pid = std::stoi(contents(output));
    REQUIRE(child.is_running());
    CHECK(::kill(pid, 0) == 0);
    CHECK(child.used_cpu_us() > 0);
  }
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("a program that cannot be run has ended at once") {
  const temporary_directory directory;
  child_process child({"/wardline/no/such/program"}, directory.path() / "output.txt");
  await_end(child);
  CHECK_FALSE(child.is_running());
}

TEST_CASE("nobody listens on a free port") {
  const auto port = free_port();
  CHECK(port != 0);
  CHECK_FALSE(is_listening(port));
}

}  // namespace
}  // namespace wardline::bench
