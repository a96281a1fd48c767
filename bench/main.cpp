#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/primitives.hpp"
#include "common/cli/guard.hpp"
#include "common/cli/options.hpp"
#include "common/crypto/suite.hpp"

namespace {

int run(int argc, const char* const* argv) {
  using namespace wardline;
  CLI::App app("Measures what the parts of Wardline cost on this machine.");
  app.require_subcommand(1);
  cli::add_version(app, "wardline-bench");

  bench::primitives_options options;
  std::string group;
  auto* primitives = app.add_subcommand(
      "primitives", "Key generation, signatures, dh and AES-256-GCM, thread CPU time of each");
  primitives->add_option("--group", group, "Only this group (ffdhe2048, ffdhe3072, ...)");
  primitives->add_flag("--quick", options.quick, "Fewer repetitions");

  if (const auto status = cli::parse(app, argc, argv, "wardline-bench")) return *status;
  if (!group.empty()) {
    options.group = crypto::group_named(group);
    if (!options.group) throw cli::usage_error(fmt::format("there is no group '{}'", group));
  }
  bench::run_primitives(options);
  return cli::done;
}

}  // namespace

int main(int argc, char** argv) {
  return wardline::cli::run_guarded("wardline-bench", [&] { return run(argc, argv); });
}
