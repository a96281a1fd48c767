#include "common/cli/guard.hpp"
#include "common/crypto/random.hpp"
#include "patient/config.hpp"
#include "patient/run.hpp"

int main(int argc, char** argv) {
  return wardline::cli::run_guarded(wardline::patient::program_name, [&] {
    const wardline::system_clock time;
    wardline::crypto::system_random random;
    return wardline::patient::run(argc, argv, time, random);
  });
}
