#include "bench/harness/sizes.hpp"

#include "bench/harness/file_limit.hpp"
#include "tests/support/catch.hpp"

namespace wardline::bench {

TEST_CASE("a size for which there are too few files is left out, and said so in one line") {
  settings how;
  how.patients = {5, 2'000'000'000, 7};
  report out;
  CHECK(sizes_that_fit(how, {1}, {2}, 1, out) == std::vector<std::size_t>{5, 7});
  REQUIRE(out.remarks().size() == 1);
  CHECK(out.remarks()[0].find("2,000,000,000 patients") == 0);
  CHECK(out.remarks()[0].find("ulimit -n") != std::string::npos);
  CHECK(out.remarks()[0].find('\n') == std::string::npos);
}

TEST_CASE("a quick run has its own sizes, and the command line goes before both") {
  settings how;
  report out;
  CHECK(sizes_that_fit(how, {1, 3}, {2}, 1, out) == std::vector<std::size_t>{1, 3});
  how.quick = true;
  CHECK(sizes_that_fit(how, {1, 3}, {2}, 1, out) == std::vector<std::size_t>{2});
  how.patients = {4};
  CHECK(sizes_that_fit(how, {1, 3}, {2}, 1, out) == std::vector<std::size_t>{4});
  CHECK(out.remarks().empty());
}

TEST_CASE("the limit of open files is raised as far as the system lets it, and never lowered") {
  const auto had = raise_file_limit(1);
  REQUIRE(had > 0);
  const auto most = raise_file_limit(2'000'000'000);
  CHECK(most >= had);
  CHECK(raise_file_limit(1) == most);
}

}  // namespace wardline::bench
