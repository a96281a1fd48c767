#include "patient/run.hpp"

#include "common/cli/guard.hpp"
#include "common/cli/paths.hpp"
#include "common/store/directory.hpp"
#include "patient/command_line.hpp"
#include "patient/identity_command.hpp"
#include "patient/passwd.hpp"
#include "patient/program.hpp"
#include "patient/read_invite.hpp"

namespace wardline::patient {
namespace {

int run_command(config settings, const clock& time, crypto::random_source& random) {
  if (settings.what == config::command::check_config)
    return cli::check_config(settings.configuration, settings.json);
  std::optional<protocol::invite> invited;
  if (settings.what == config::command::enroll) {
    invited = read_invite(settings);
    settings.id = invited->patient_id;
  }
  const auto directory = settings.data_directory
                             ? *settings.data_directory
                             : cli::default_data_directory(program_name, settings.id);
  if (settings.what == config::command::show_config)
    return cli::show_config(settings.configuration, directory, settings.json);
  store::private_directory(directory);
  if (settings.what == config::command::identity) return show_identity(settings, directory, random);
  if (settings.what == config::command::passwd) return run_passwd(settings, directory, random);
  return run_client(settings, invited, directory, time, random);
}

}  // namespace

int run(int argc, const char* const* argv, const clock& time, crypto::random_source& random) {
  return cli::run_guarded(program_name, [&] {
    auto parsed = parse_command_line(argc, argv);
    if (const int* status = std::get_if<int>(&parsed)) return *status;
    return run_command(std::move(std::get<config>(parsed)), time, random);
  });
}

}  // namespace wardline::patient
