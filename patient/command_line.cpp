#include "patient/command_line.hpp"

#include <CLI/CLI.hpp>

#include "common/cli/guard.hpp"
#include "common/cli/options.hpp"
#include "common/crypto/identity.hpp"

namespace wardline::patient {
namespace {

constexpr seconds least_window{1};
constexpr seconds most_window{3600};

std::string check_id(const std::string& text) {
  if (crypto::is_valid_id(text)) return {};
  return "an id is 1 to 64 of the characters A-Z a-z 0-9 . _ @ -";
}

void add_id(CLI::App& app, config& c) {
  app.add_option("--id", c.id, "Your id, as the doctor knows you")
      ->type_name("ID")
      ->check(check_id);
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

void add_connection(CLI::App& app, config& c) {
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
  app.add_flag("--no-menu,--json", c.json,
               "Events as JSON lines on standard output, words on standard input: send TEXT, "
               "ack MESSAGE_ID, disconnect, exit");
}

void add_passphrase(CLI::App& app, config& c) {
  app.add_option("--passphrase-fd", c.passphrase.descriptor,
                 "Read the passphrase of your keys from this descriptor (else from the file that "
                 "WARDLINE_PASSPHRASE_FILE names, else it is asked for)")
      ->check(CLI::Range(0, 1'000'000))
      ->type_name("N");
}

CLI::App* add_passwd(CLI::App& app, config& c) {
  auto* passwd = app.add_subcommand("passwd", "Set, change or remove the passphrase of your keys");
  add_id(*passwd, c);
  cli::add_data_directory(*passwd, c.data_directory);
  cli::add_json(*passwd, c.json);
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

}  // namespace

std::variant<config, int> parse_command_line(int argc, const char* const* argv) {
  config c;
  CLI::App app{"A patient's end of the line to the doctor"};
  app.name(std::string(program_name));
  cli::add_version(app, program_name);
  add_id(app, c);
  add_connection(app, c);
  cli::add_data_directory(app, c.data_directory);

  add_passphrase(app, c);

  auto* enroll = app.add_subcommand("enroll", "Enrol by a doctor's invite, then run");
  auto* invite =
      enroll
          ->add_option("invite", c.invite,
                       "The invite: wardline1:..., or - to read it from standard input (by "
                       "itself: asked for)")
          ->type_name("INVITE");
  enroll->add_option("--file", c.invite_file, "Read the invite from this file")
      ->type_name("FILE")
      ->excludes(invite);
  add_id(*enroll, c);
  add_connection(*enroll, c);
  cli::add_data_directory(*enroll, c.data_directory);
  add_passphrase(*enroll, c);

  auto* identity = app.add_subcommand("identity", "Show your id and fingerprint");
  add_id(*identity, c);
  add_group(*identity, c);
  cli::add_data_directory(*identity, c.data_directory);
  cli::add_json(*identity, c.json);
  add_passphrase(*identity, c);
  auto* passwd = add_passwd(app, c);
  app.require_subcommand(0, 1);

  if (const auto status = cli::parse(app, argc, argv, program_name)) return *status;

  if (enroll->parsed()) {
    c.what = config::command::enroll;
  } else if (identity->parsed()) {
    c.what = config::command::identity;
    require(!c.id.empty(), "--id is required");
  } else if (passwd->parsed()) {
    c.what = config::command::passwd;
    require(!c.id.empty(), "--id is required");
  } else {
    require(!c.id.empty(), "--id is required");
    require(!c.doctor_id.empty(), "--doctor-id is required");
  }
  // Standard input is for words then.
  const bool runs = c.what == config::command::run || c.what == config::command::enroll;
  c.passphrase.may_ask = !(runs && c.json);
  return c;
}

}  // namespace wardline::patient
