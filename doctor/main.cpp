#include "common/cli/guard.hpp"
#include "doctor/run.hpp"

int main(int argc, char** argv) {
  // Guarded here as well, because a machine may have no randomness to give.
  return wardline::cli::run_guarded("doctor", [&] {
    const wardline::system_clock time;
    wardline::crypto::system_random random;
    return wardline::doctor::run(argc, argv, time, random);
  });
}
