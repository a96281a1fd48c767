#include "tests/support/process.hpp"

#include "tests/support/catch.hpp"

using namespace wardline::test;

// The harness of the system tests: what they assert is worth what this delivers.

TEST_CASE("a program that has ended has said all that it wrote to standard error") {
  // Neither the end of its standard output nor its own tells that everything was read: a process
  // of its own writes on after both.
  constexpr std::size_t size = 1'000'000;
  const std::string script =
      "exec 1>&-; head -c " + std::to_string(size) + " /dev/zero | tr '\\0' x >&2 &";
  for (int i = 0; i < 20; ++i) {
    const auto run = run_program({"/bin/sh", "-c", script});
    CHECK(run.status == 0);
    CHECK(run.errors.size() == size);
  }
}
