#include <fstream>
#include <sstream>

#include "tests/support/catch.hpp"
#include "tests/system/programs.hpp"

using namespace wardline::test;

TEST_CASE("a gateway opens as many files as the system lets it, whatever its shell began with") {
  doctor_program doctor(
      {"/bin/sh", "-c", "ulimit -Sn 100; exec \"$0\" \"$@\"", WARDLINE_DOCTOR_BINARY},
      "ristretto255", {});
  std::ifstream limits("/proc/" + std::to_string(doctor.events().program().id()) + "/limits");
  for (std::string line; std::getline(limits, line);) {
    if (!line.starts_with("Max open files")) continue;
    std::istringstream words(line.substr(line.find("files") + 5));
    std::string now;
    std::string most;
    words >> now >> most;
    CHECK(now == most);
    CHECK(now != "100");
    return;
  }
  FAIL("the kernel does not tell the limit");
}
