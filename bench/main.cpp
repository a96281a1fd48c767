#include "bench/run.hpp"
#include "common/cli/guard.hpp"

int main(int argc, char** argv) {
  using namespace wardline;
  return cli::run_guarded("wardline-bench", [&] {
    bench::request what;
    if (const auto status = bench::parse_command_line(argc, argv, what)) return *status;
    return bench::run(std::move(what));
  });
}
