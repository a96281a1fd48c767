#include "doctor/run.hpp"

#include "common/cli/guard.hpp"
#include "doctor/command_line.hpp"
#include "doctor/run_audit.hpp"
#include "doctor/run_command.hpp"
#include "doctor/run_gateway.hpp"
#include "doctor/run_local.hpp"

namespace wardline::doctor {

namespace {

int show_or_check(const command_line& line) {
  const auto& c = line.configuration;
  if (line.asked_config->what == cli::config_command::act::check)
    return cli::check_config(c, line.json);
  cli::tell_misspelt(c);
  return cli::show_config(c, line.settings.data_directory, line.json);
}

}  // namespace

int run(int argc, const char* const* argv, const clock& time, crypto::random_source& random) {
  return cli::run_guarded("doctor", [&] {
    command_line line;
    try {
      if (const auto status = parse_command_line(argc, argv, line)) return *status;
      if (line.asked_config) return show_or_check(line);
      if (line.audit) return run_audit(line, time, random);
      if (line.local) return run_local(line, time, random);
      if (line.request) return run_command(line, time, random);
      const auto again = [&] {
        command_line fresh;
        parse_command_line(argc, argv, fresh);
        return fresh;
      };
      return run_gateway(line, again, time, random);
    } catch (const failure& why) {
      if (line.json) print_error_json(why);
      throw;
    }
  });
}

}  // namespace wardline::doctor
