#include "doctor/command_line.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "common/cli/guard.hpp"
#include "common/crypto/identity.hpp"
#include "common/store/file.hpp"
#include "doctor/command_builder.hpp"
#include "doctor/escalation/alarm_program.hpp"
#include "doctor/limit_options.hpp"
#include "doctor/setting_values.hpp"
#include "doctor/setup/interview.hpp"

namespace wardline::doctor {

namespace {

using cli::usage_error;
using namespace std::string_literals;

void add_lists(command_builder& b, command_words& r) {
  auto* identity = b.add("identity", "Show this doctor's identity (works without the gateway)",
                         [] { return control::identity_request{}; });
  b.add_group(*identity);
  b.add("status", "Show how the gateway is", [] { return control::status_request{}; });
  b.add("patients", "List the enrolled patients", [] { return control::patients_request{}; });
  b.add("waiting", "List who waits to be admitted", [] { return control::waiting_request{}; });
  b.add("invites", "List the open invites", [] { return control::invites_request{}; });
  b.add("inbox", "List what patients have written", [] { return control::inbox_request{}; });
  auto* deliveries = b.add("deliveries", "List who has got which message", [&r] {
    return control::deliveries_request{r.message_id.empty() ? "" : message_id_of(r)};
  });
  deliveries->add_option("MESSAGE_ID", r.message_id,
                         "Only this one (8 digits will do), with each recipient");
}

void add_people(command_builder& b, command_words& r) {
  auto* invite = b.add_for_patient(
      "invite", "Make an invite, which enrols who has it (works without the gateway)", [&r] {
        return control::invite_request{r.patient, r.expires, r.host};
      });
  cli::add_duration(*invite, "--expires", r.expires, control::shortest_invite,
                    control::longest_invite, "How long it is good for");
  invite->add_option("--host", r.host, "Where the patient finds the gateway (default: its address)")
      ->type_name("HOST");
  invite->add_flag("--qr", r.out.qr, "Show it as a QR code, too")->excludes("--json");
  b.add_listen(*invite, "The gateway's address, if it does not run (default: its last one)");
  b.add_group(*invite);
  b.add_passphrase(*invite);
  b.add_for_patient("withdraw", "Take an open invite back",
                    [&r] { return control::withdraw_request{r.patient}; });

  auto* admit = b.add_for_patient("admit", "Admit who waits, for good", [&r] {
    return control::admit_request{r.patient, fingerprint_of(r), r.replace};
  });
  b.add_fingerprint(*admit);
  admit->add_flag("--replace", r.replace,
                  "Though the id is enrolled with other keys, which are revoked then");
  auto* refuse = b.add_for_patient("refuse", "Send who waits away", [&r] {
    return control::refuse_request{r.patient, fingerprint_of(r)};
  });
  b.add_fingerprint(*refuse);

  b.add_for_patient("block", "End the session and let the patient sign in no more",
                    [&r] { return control::block_request{r.patient}; });
  b.add_for_patient("unblock", "Lift every block of the patient",
                    [&r] { return control::unblock_request{r.patient}; });
  b.add_for_patient("revoke", "End the session and the enrolment; the key is never taken again",
                    [&r] { return control::revoke_request{r.patient}; });

  auto* disconnect = b.add("disconnect", "End a session, or all", [&r]() -> control::request {
    if (r.all == !r.patient.empty())
      throw usage_error("disconnect takes either a patient's id or --all");
    if (r.all) return control::disconnect_all_request{};
    check_patient(r.patient);
    return control::disconnect_request{r.patient};
  });
  disconnect->add_option("PATIENT", r.patient, "The patient's id");
  disconnect->add_flag("--all", r.all, "All patients");
}

void add_messages(command_builder& b, command_words& r) {
  const auto given = [](seconds s) { return s < seconds(0) ? std::nullopt : std::optional(s); };
  auto* broadcast = b.add("broadcast", "Send a signed message to all enrolled patients",
                          [&r, given]() -> control::request {
                            return control::broadcast_request{
                                r.text,        priority_of(r, "emergency"), r.present,
                                given(r.wait), given(r.valid_for),          r.include_new};
                          });
  broadcast->add_option("TEXT", r.text, "The message")->required();
  b.add_priority(*broadcast, "emergency");
  b.add_wait(*broadcast);
  b.add_expiry(*broadcast);
  broadcast->add_flag("--include-new", r.include_new,
                      "Also to who is enrolled later, as long as it has not expired");
  broadcast->add_flag("--present", r.present, "Only to those who are connected");

  auto* message = b.add_for_patient(
      "message", "Send a message to one patient", [&r, given]() -> control::request {
        return control::message_request{r.patient, r.text, priority_of(r, "routine"), given(r.wait),
                                        given(r.valid_for)};
      });
  message->add_option("TEXT", r.text, "The message")->required();
  b.add_priority(*message, "routine");
  b.add_wait(*message);
  b.add_expiry(*message);
}

/// What the command line has of the four answers; the rest is asked for.
setup_command setup_of(const command_words& r) {
  setup_command out{{}, {}, r.patient, r.expires};
  if (!r.patient.empty()) check_patient(r.patient);
  if (!r.address.empty()) {
    try {
      out.reached_at = reachable_address(r.address);
    } catch (const failure& f) {
      throw usage_error("--address: "s + f.what(), f.hint());
    }
  }
  const char* file = std::getenv("WARDLINE_PASSPHRASE_FILE");
  if (r.no_passphrase)
    out.passphrase = false;
  else if (r.out.passphrase.descriptor || (file != nullptr && *file != '\0'))
    out.passphrase = true;
  return out;
}

void add_setup(command_builder& b, command_words& r) {
  auto* setup = b.add_local("setup",
                            "Make a doctor's identity and the first invite; asks what is not given "
                            "(begin here)",
                            [&r] { return setup_of(r); });
  setup
      ->add_option("--address", r.address,
                   "Where patients reach the gateway (port: 7460 if left out)")
      ->type_name("HOST[:PORT]");
  setup->add_option("--patient", r.patient, "The id of the first patient to invite")
      ->type_name("PATIENT");
  b.add_passphrase(*setup);
  setup->add_flag("--no-passphrase", r.no_passphrase, "Leave the keys in the clear")
      ->excludes("--passphrase-fd");
  b.add_group(*setup);
  cli::add_duration(*setup, "--expires", r.expires, control::shortest_invite,
                    control::longest_invite, "How long the invite is good for");
}

void add_care(command_builder& b, command_words& r) {
  auto* passwd =
      b.add_local("passwd", "Set, change or remove the passphrase over this doctor's keys",
                  [&r] { return passwd_command{r.remove}; });
  passwd->add_flag("--remove", r.remove, "Leave the keys in the clear");
  b.add_passphrase(*passwd);
  passwd
      ->add_option("--new-passphrase-fd", r.out.passphrase.fresh_descriptor,
                   "Read the new passphrase from this descriptor")
      ->check(CLI::Range(0, 1'000'000))
      ->type_name("N")
      ->excludes("--remove");
  b.add_group(*passwd);

  auto* backup =
      b.add_local("backup", "Copy all that is kept into one new file, also while running",
                  [&r] { return backup_command{r.file}; });
  backup->add_option("FILE", r.file, "The new file")->required();
  b.add_passphrase(*backup);
  auto* restore = b.add_local("restore", "Make the data directory, empty or absent, of a backup",
                              [&r] { return restore_command{r.file}; });
  restore->add_option("FILE", r.file, "The backup")->required();
  b.add_passphrase(*restore);
}

void add_amendments(command_builder& b, command_words& r) {
  const auto given = [](seconds s) { return s < seconds(0) ? std::nullopt : std::optional(s); };
  auto* correct = b.add("correct",
                        "Send what one of your messages should have said to all who got "
                        "it or were to get it",
                        [&r, given]() -> control::request {
                          return control::correct_request{message_id_of(r), r.text,
                                                          priority_if_given(r), given(r.wait)};
                        });
  auto* cancel = b.add("cancel", "Take one of your messages back, from all whom it has reached",
                       [&r, given]() -> control::request {
                         return control::cancel_request{message_id_of(r), r.reason,
                                                        priority_if_given(r), given(r.wait)};
                       });
  for (auto* one : {correct, cancel}) {
    one->add_option("MESSAGE_ID", r.message_id, "Which one (8 digits will do)")->required();
    b.add_priority(*one, "the message's own");
    b.add_wait(*one);
  }
  correct->add_option("TEXT", r.text, "What it should say")->required();
  cancel->add_option("--reason", r.reason, "Why, for those who have read it")->type_name("TEXT");
}

/// What two settings together must be.
void check_together(const config& s) {
  if (s.overdue_after <= s.resend_after)
    throw usage_error("--overdue-after must be longer than --resend-after");
}

void finish_gateway(command_words& r) {
  auto& out = r.out;
  if (out.json) throw usage_error("--json is for commands", "a gateway writes JSON with --no-menu");
  auto& s = out.settings;
  check_together(s);
  if (!s.on_overdue.empty()) alarm_program::check(s.on_overdue);
  try {
    if (!r.metrics.empty()) out.metrics = metrics_address_of(r.metrics);
  } catch (const failure& f) {
    throw usage_error("--metrics: "s + f.what(), f.hint());
  }
  out.log = log_level_of(r.log);
  out.log_format = log_format_of(r.log_format);
  out.menu = !r.no_menu;
  out.passphrase.may_ask = out.menu;
}

/// `can_ask`: the id may be asked for later, and with it where its directory is.
void finish(command_words& r, bool can_ask) {
  auto& out = r.out;
  auto& s = out.settings;
  const bool is_open = can_ask && s.id.empty();
  if (s.id.empty() && !is_open)
    throw usage_error("--id is missing: which doctor is this?", "doctor --help shows the options");
  if (!is_open) check_doctor(s.id);
  if (!r.group.empty()) s.group = group_of(r.group);
  if (!r.listen.empty()) {
    try {
      s.listen = listen_address_of(r.listen);
    } catch (const failure& f) {
      throw usage_error("--listen: "s + f.what(), f.hint());
    }
    out.listen_given = true;
  }
  if (r.directory)
    s.data_directory = *r.directory;
  else if (!is_open)
    s.data_directory = cli::default_data_directory("doctor", s.id);
}

/// Options of the running gateway say nothing to a command.
void refuse_gateway_options(const CLI::App& app) {
  for (const auto* option : app.get_options())
    if (option->count() > 0 && option->get_name() != "--id" && option->get_name() != "--data-dir" &&
        option->get_name() != "--config" && option->get_name() != "--json")
      throw usage_error(fmt::format("{} is for the gateway, not for a command", option->get_name()),
                        "put a command's own options after it; doctor COMMAND --help shows them");
}

/// What the options themselves do not look at, so that a finding can name its line.
void check_setting(const std::string& name, const std::string& value) {
  if (name == "id") check_doctor(value);
  if (name == "group") group_of(value);
  if (name == "listen") listen_address_of(value);
  if (name == "metrics") metrics_address_of(value);
  if (name == "log-level") log_level_of(value);
  if (name == "log-format") log_format_of(value);
  if (name == "on-overdue") alarm_program::check(value);
}

cli::configured settings_of(CLI::App& app, const command_words& r) {
  const auto directory = [&r]() -> std::filesystem::path {
    const auto& id = r.out.settings.id;
    if (r.directory || !crypto::is_valid_id(id)) return r.directory.value_or("");
    return cli::default_data_directory("doctor", id);
  };
  return cli::take_settings(app,
                            {r.config_file, directory, store::read_trusted_file, check_setting});
}

/// What is wrong is told by `doctor config check`, ends a gateway, and is no command's business.
void configure(CLI::App& app, command_words& r) {
  auto& out = r.out;
  const bool is_check =
      out.asked_config && out.asked_config->what == cli::config_command::act::check;
  if (is_check && !out.asked_config->file.empty()) r.config_file = out.asked_config->file;
  out.configuration = settings_of(app, r);
  if (is_check) {
    try {
      check_together(out.settings);
    } catch (const failure& f) {
      out.configuration.findings.push_back({out.configuration.file.string(), f.what(), f.hint()});
    }
  } else if (out.asked_config || app.get_subcommands().empty()) {
    cli::insist(out.configuration);
  } else {
    cli::tell(out.configuration);
  }
}

constexpr auto exit_statuses = "Exit status: 0 done, 1 failed, 2 wrong usage.";
constexpr auto where_settings_come_from =
    "A setting of the gateway (all of these options but --config, --json and --passphrase-fd) may "
    "also be a line of the configuration file, such as heartbeat = \"30s\", or a variable such as "
    "WARDLINE_HEARTBEAT. A flag comes first, then the variable, then the file.\n";

}  // namespace

std::optional<int> parse_command_line(int argc, const char* const* argv, command_line& out) {
  CLI::App app(
      "A doctor's gateway. Without a command it runs, until it is stopped from its menu "
      "or by a signal; commands speak to the one that runs on the same data directory.",
      "doctor");
  app.set_help_all_flag("--help-all", "Show the help of every command, too");
  app.require_subcommand(0, 1);
  app.footer(exit_statuses);  // of each command, too
  cli::add_version(app, "doctor");

  command_words r(out);
  command_builder b(app, r);
  b.add_whose(app);
  b.add_listen(app, "Where to listen (port 0 picks one)")->default_str("127.0.0.1:7460");
  b.add_group(app);
  app.add_flag("--no-menu", r.no_menu, "Write events as JSON, one a line, and read no input");
  app.add_flag("--plain", out.plain, "The menu line by line, not on the whole screen");
  cli::add_json(app, out.json);
  b.add_passphrase(app);
  add_limit_options(app, out.settings);
  app.add_option("--on-overdue", out.settings.on_overdue,
                 "Begin this program (no shell, no arguments) for what is overdue, with "
                 "a sentence and a line of JSON on its standard input")
      ->type_name("PROGRAM");
  app.add_option("--metrics", r.metrics,
                 "Serve /metrics (Prometheus) and /healthz there over HTTP; a port alone is one of "
                 "127.0.0.1")
      ->type_name("HOST:PORT");
  app.add_option("--log-level", r.log, "What is logged")
      ->default_str(r.log)
      ->type_name("error|warning|info|debug");
  app.add_option("--log-format", r.log_format, "How: lines of text, or of JSON")
      ->default_str(r.log_format)
      ->type_name("text|json");
  add_lists(b, r);
  add_people(b, r);
  add_messages(b, r);
  const audit_command_options audit(app, [&](CLI::App& to) {
    b.add_whose(to);
    b.add_passphrase(to);
    cli::add_json(to, out.json);
  });
  add_setup(b, r);
  add_care(b, r);
  add_amendments(b, r);
  const cli::config_options config(app, [&](CLI::App& to) {
    b.add_whose(to);
    cli::add_json(to, out.json);
  });
  app.footer(std::string(where_settings_come_from) + exit_statuses);

  if (const auto status = cli::parse(app, argc, argv, "doctor")) return status;
  out.audit = audit.given(out.json);
  if (out.audit && !out.audit->file.empty() && out.audit->what == audit_options::act::verify)
    return std::nullopt;  // an export says itself whose it is
  out.asked_config = config.given();
  if (!out.asked_config && !app.get_subcommands().empty()) refuse_gateway_options(app);
  configure(app, r);
  if (out.asked_config && out.asked_config->what == cli::config_command::act::check)
    return std::nullopt;
  finish(r, app.got_subcommand("setup"));
  if (out.asked_config) check_together(out.settings);
  if (out.audit || out.asked_config) return std::nullopt;
  for (const auto& c : b.commands)
    if (c.app->parsed()) {
      if (c.local)
        out.local = c.local();
      else
        out.request = c.make();
      return std::nullopt;
    }
  finish_gateway(r);
  return std::nullopt;
}

}  // namespace wardline::doctor
