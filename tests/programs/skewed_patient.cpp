// The program `patient` as it runs on a machine whose clock is off. The first argument says by how
// many milliseconds it is ahead (negative: behind); the others are the patient's own.
#include <string>
#include <vector>

#include "common/crypto/random.hpp"
#include "patient/run.hpp"
#include "tests/support/shifted_clock.hpp"

int main(int argc, char** argv) {
  const std::vector<const char*> given(argv, argv + argc);
  std::vector<const char*> passed{given.at(0)};
  passed.insert(passed.end(), given.begin() + 2, given.end());
  const wardline::test::shifted_clock time(wardline::milliseconds(std::stoll(given.at(1))));
  wardline::crypto::system_random random;
  return wardline::patient::run(static_cast<int>(passed.size()), passed.data(), time, random);
}
