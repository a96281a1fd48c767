#include "patient/command_line.hpp"

#include <CLI/CLI.hpp>

#include "common/cli/guard.hpp"
#include "common/cli/options.hpp"
#include "common/cli/paths.hpp"
#include "common/crypto/identity.hpp"
#include "common/store/file.hpp"

namespace wardline::patient {
namespace {

constexpr seconds least_window{1};
constexpr seconds most_window{3600};

std::string check_id(const std::string& text) {
  if (crypto::is_valid_id(text)) return {};
  return "an id is 1 to 64 of the characters A-Z a-z 0-9 . _ @ -";
}

/// The command line as it is written, where `config` has something else.
struct words {
  config out;
  std::string config_file;
  bool no_menu = false;
};

/// Of every command.
void add_common(CLI::App& app, words& w) {
  app.add_option("--id", w.out.id, "Your id, as the doctor knows you")
      ->type_name("ID")
      ->check(check_id);
  cli::add_data_directory(app, w.out.data_directory);
  cli::add_config_file(app, w.config_file);
  cli::add_json(app, w.out.json);
}

void add_group(CLI::App& app, config& c) {
  const auto take = [&c](const std::string& text) {
    c.group = crypto::group_named(text);
    if (!c.group) {
      throw CLI::ValidationError(
          "--group",
          "no such group: " + text + " (ffdhe2048, ffdhe3072, ffdhe4096 or ristretto255)");
    }
  };
  app.add_option_function<std::string>("--group", take,
                                       "Group of the doctor, where it is not known yet")
      ->type_name("NAME");
}

void add_connection(CLI::App& app, words& w) {
  auto& c = w.out;
  app.add_option("--doctor-id", c.doctor_id, "The doctor's id")
      ->type_name("DOCTOR")
      ->check(check_id);
  const auto connect = [&c](const std::string& text) {
    try {
      c.doctor = net::parse_address(text);
    } catch (const failure& e) {
      throw CLI::ValidationError("--connect", e.what());
    }
    if (c.doctor->port == 0) throw CLI::ValidationError("--connect", "the port must not be 0");
  };
  app.add_option_function<std::string>("--connect", connect,
                                       "Where the doctor's gateway listens (127.0.0.1:7460)")
      ->type_name("HOST:PORT");
  app.add_option("--doctor-fingerprint", c.doctor_fingerprint,
                 "The doctor's fingerprint, so that nobody needs to be asked")
      ->type_name("F")
      ->check([](const std::string& text) {
        return crypto::is_fingerprint_text(text)
                   ? std::string()
                   : std::string("a fingerprint is 60 digits or 64 hexadecimal characters");
      });
  app.add_flag("--trust-on-first-use", c.trust_on_first_use,
               "Take whichever doctor answers first for the right one");
  cli::add_duration(app, "--clock-window", c.clock_window, least_window, most_window,
                    "How far the doctor's clock may be from ours");
  app.add_flag("--plain", c.plain,
               "A menu line by line, also where the terminal has a full screen");
  app.add_flag("--no-menu", w.no_menu,
               "Events as JSON lines on standard output, words on standard input: send TEXT, "
               "ack MESSAGE_ID, disconnect, exit");
}

void add_passphrase(CLI::App& app, config& c) {
  app.add_option("--passphrase-fd", c.passphrase.descriptor,
                 "Read the passphrase of your keys from this descriptor (else from the file that "
                 "WARDLINE_PASSPHRASE_FILE names, else it is asked for)")
      ->check(CLI::Range(0, 1'000'000))
      ->type_name("N")
      ->configurable(false);
}

CLI::App* add_enroll(CLI::App& app, words& w) {
  auto* enroll = app.add_subcommand("enroll", "Enrol by a doctor's invite, then run");
  auto* invite =
      enroll
          ->add_option("invite", w.out.invite,
                       "The invite: wardline1:..., or - to read it from standard input (by "
                       "itself: asked for)")
          ->type_name("INVITE");
  enroll->add_option("--file", w.out.invite_file, "Read the invite from this file")
      ->type_name("FILE")
      ->excludes(invite);
  add_common(*enroll, w);
  add_connection(*enroll, w);
  add_passphrase(*enroll, w.out);
  return enroll;
}

CLI::App* add_passwd(CLI::App& app, words& w) {
  auto& c = w.out;
  auto* passwd = app.add_subcommand("passwd", "Set, change or remove the passphrase of your keys");
  add_common(*passwd, w);
  passwd->add_flag("--remove", c.remove, "Leave the keys in the clear");
  add_passphrase(*passwd, c);
  passwd
      ->add_option("--new-passphrase-fd", c.passphrase.fresh_descriptor,
                   "Read the new passphrase from this descriptor")
      ->check(CLI::Range(0, 1'000'000))
      ->type_name("N")
      ->excludes("--remove");
  return passwd;
}

void require(bool condition, const std::string& what) {
  if (!condition) throw cli::usage_error(what, "Try: patient --help");
}

cli::configured settings_of(CLI::App& app, const words& w) {
  const auto directory = [&c = w.out]() -> std::filesystem::path {
    if (c.data_directory || c.id.empty()) return c.data_directory.value_or("");
    return cli::default_data_directory(program_name, c.id);
  };
  return cli::take_settings(app, {w.config_file, directory, store::read_trusted_file, {}});
}

constexpr auto where_settings_come_from =
    "All of these options but --config, --json and --passphrase-fd may also be a line of the "
    "configuration file, such as doctor-id = \"dr-lee\", or a variable such as "
    "WARDLINE_DOCTOR_ID. A flag comes first, then the variable, then the file.\n";
constexpr auto exit_statuses = "Exit status: 0 done, 1 failed, 2 wrong usage.";

}  // namespace

std::variant<config, int> parse_command_line(int argc, const char* const* argv) {
  using command = config::command;
  words w;
  auto& c = w.out;
  CLI::App app{"A patient's end of the line to the doctor"};
  app.name(std::string(program_name));
  app.footer(exit_statuses);  // of each command, too
  cli::add_version(app, program_name);
  add_common(app, w);
  add_connection(app, w);
  add_passphrase(app, c);
  const auto* enroll = add_enroll(app, w);
  auto* identity = app.add_subcommand("identity", "Show your id and fingerprint");
  add_common(*identity, w);
  add_group(*identity, c);
  add_passphrase(*identity, c);
  const auto* passwd = add_passwd(app, w);
  const cli::config_options config_commands(app, [&](CLI::App& to) { add_common(to, w); });
  app.require_subcommand(0, 1);
  app.footer(std::string(where_settings_come_from) + exit_statuses);

  if (const auto status = cli::parse(app, argc, argv, program_name)) return *status;

  if (const auto asked = config_commands.given()) {
    const bool is_check = asked->what == cli::config_command::act::check;
    c.what = is_check ? command::check_config : command::show_config;
    if (!asked->file.empty()) w.config_file = asked->file;
  } else if (enroll->parsed()) {
    c.what = command::enroll;
  } else if (identity->parsed()) {
    c.what = command::identity;
  } else if (passwd->parsed()) {
    c.what = command::passwd;
  }
  const bool runs = c.what == command::run || c.what == command::enroll;
  c.configuration = settings_of(app, w);
  if (c.what == command::check_config) return std::move(c);
  if (runs || c.what == command::show_config) {
    cli::insist(c.configuration);
    cli::tell_misspelt(c.configuration);
  } else {
    cli::tell(c.configuration);  // a command can do without
  }

  // The invite says both.
  require(!c.id.empty() || c.what == command::enroll, "--id is required");
  require(!c.doctor_id.empty() || c.what != command::run, "--doctor-id is required");
  c.json = c.json || (runs && w.no_menu);
  // Standard input is for words then.
  c.passphrase.may_ask = !(runs && c.json);
  return std::move(c);
}

}  // namespace wardline::patient
