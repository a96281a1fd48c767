#include "bench/command_line.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/measurements.hpp"
#include "common/cli/guard.hpp"
#include "common/cli/options.hpp"

namespace wardline::bench {
namespace {

constexpr std::size_t most_patients = 50'000;  // brokers: the 28,000 ports of one address
constexpr std::size_t most_repetitions = 10'000;

struct words {
  std::string group, doctor, json, csv, plots;
};

void add_options(CLI::App& app, request& out, words& given) {
  app.add_option("--group", given.group,
                 "Only this group: ffdhe2048, ffdhe3072, ffdhe4096 or ristretto255");
  app.add_flag("--quick", out.how.quick, "Fewer repetitions, smaller sizes");
  app.add_option("--json", given.json, "Write the report to this file as JSON")->type_name("FILE");
  app.add_option("--csv", given.csv, "Write the rows and ratios to this file as CSV")
      ->type_name("FILE");
  app.add_option("--plot", given.plots, "Draw PNG and SVG into this folder (needs gnuplot)")
      ->type_name("DIR");
  app.add_option("--patients", out.how.patients, "Numbers of simulated patients, with commas")
      ->delimiter(',')
      ->check(CLI::Range(std::size_t{1}, most_patients))
      ->type_name("N");
  app.add_option("--repetitions", out.how.repetitions, "How often each is measured")
      ->check(CLI::Range(std::size_t{1}, most_repetitions))
      ->type_name("N");
  app.add_option("--doctor", given.doctor, "The gateway's program (default: the one beside this)")
      ->type_name("FILE");
}

std::string beside_this_program(const std::string& name) {
  std::error_code unknown;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  return unknown ? name : (self.parent_path() / name).string();
}

std::optional<std::filesystem::path> path_if_given(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return std::filesystem::path(text);
}

std::string whole_line(int argc, const char* const* argv) {
  std::string out = "wardline-bench";
  for (int i = 1; i < argc; ++i) out += fmt::format(" {}", argv[i]);
  return out;
}

}  // namespace

std::optional<int> parse_command_line(int argc, const char* const* argv, request& out) {
  CLI::App app("Measures what the parts of Wardline cost on this machine, beside the alternatives.",
               "wardline-bench");
  app.require_subcommand(1);
  cli::add_version(app, "wardline-bench");
  words given;
  for (const auto& m : measurements()) {
    auto* one = app.add_subcommand(std::string(m.name), std::string(m.description));
    add_options(*one, out, given);
  }
  add_options(*app.add_subcommand("all", "All of them, one after the other"), out, given);

  if (const auto status = cli::parse(app, argc, argv, "wardline-bench")) return status;
  out.subcommand = app.get_subcommands().front()->get_name();
  if (!given.group.empty()) {
    out.how.group = crypto::group_named(given.group);
    if (!out.how.group)
      throw cli::usage_error(fmt::format("there is no group '{}'", given.group),
                             "ffdhe2048, ffdhe3072, ffdhe4096 or ristretto255");
  }
  out.how.doctor = given.doctor.empty() ? beside_this_program("doctor") : given.doctor;
  out.json = path_if_given(given.json);
  out.csv = path_if_given(given.csv);
  out.plots = path_if_given(given.plots);
  out.command = whole_line(argc, argv);
  return std::nullopt;
}

}  // namespace wardline::bench
