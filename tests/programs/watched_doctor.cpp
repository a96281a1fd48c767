// The program `doctor`, which tells a test what it draws: the first argument names the file for it,
// the others are the doctor's own.
#include <vector>

#include "doctor/run.hpp"
#include "tests/support/recorded_random.hpp"

int main(int argc, char** argv) {
  const std::vector<const char*> given(argv, argv + argc);
  std::vector<const char*> passed{given.at(0)};
  passed.insert(passed.end(), given.begin() + 2, given.end());
  const wardline::system_clock time;
  wardline::test::recorded_random random(given.at(1));
  return wardline::doctor::run(static_cast<int>(passed.size()), passed.data(), time, random);
}
