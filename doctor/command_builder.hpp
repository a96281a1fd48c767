#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "common/cli/options.hpp"
#include "common/cli/paths.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// The command line as it is written, and how to make a request of it.
struct command_words {
  explicit command_words(command_line& to) : out(to) {}

  command_line& out;
  std::optional<std::filesystem::path> directory;
  std::string config_file;
  std::string listen;
  std::string group;
  std::string metrics;
  std::string log = "info";
  std::string log_format = "text";
  bool no_menu = false;

  std::string patient;
  std::string text;
  std::string fingerprint;
  std::string host;
  std::string message_id;
  std::string file;
  std::string reason;
  std::string address;
  std::string priority;
  seconds expires{7 * 24 * 3600};
  seconds wait{-1};       // not given
  seconds valid_for{-1};  // likewise: of a message
  bool replace = false;
  bool remove = false;
  bool present = false;
  bool include_new = false;
  bool all = false;
  bool no_passphrase = false;
};

using make_request = std::function<control::request()>;
using make_local = std::function<local_command()>;

struct subcommand {
  CLI::App* app;
  make_request make;  // either this
  make_local local;   // or that
};

/// Each throws `cli::usage_error` with words.
void check_patient(const std::string& id);
protocol::priority priority_of(const command_words& r, std::string_view otherwise);
std::optional<protocol::priority> priority_if_given(const command_words& r);
std::string message_id_of(const command_words& r);
std::string fingerprint_of(const command_words& r);

/// Adds a subcommand, and the options that several of them share.
class command_builder {
 public:
  command_builder(CLI::App& app, command_words& r) : app_(app), r_(r) {}

  CLI::App* add(const std::string& name, const std::string& description, make_request make) {
    auto* sub = app_.add_subcommand(name, description);
    add_whose(*sub);
    cli::add_json(*sub, r_.out.json);
    commands.push_back({sub, std::move(make), {}});
    return sub;
  }

  CLI::App* add_local(const std::string& name, const std::string& description, make_local make) {
    auto* sub = add(name, description, {});
    commands.back().local = std::move(make);
    return sub;
  }

  CLI::App* add_for_patient(const std::string& name, const std::string& description,
                            make_request make) {
    auto* sub = add(name, description, [this, make = std::move(make)] {
      check_patient(r_.patient);
      return make();
    });
    sub->add_option("PATIENT", r_.patient, "The patient's id")->required();
    return sub;
  }

  void add_whose(CLI::App& to) {
    to.add_option("--id", r_.out.settings.id, "The doctor's id (needed)")->type_name("ID");
    cli::add_data_directory(to, r_.directory);
    cli::add_config_file(to, r_.config_file);
  }

  void add_fingerprint(CLI::App& to) {
    to.add_option("--fingerprint", r_.fingerprint, "Which one, if several wait under this id")
        ->type_name("F");
  }

  void add_wait(CLI::App& to) {
    cli::add_duration(to, "--wait", r_.wait, seconds(0), control::longest_wait,
                      "Wait until each recipient has decrypted it; exit status 0 only if all have "
                      "in this time")
        ->default_str("");
  }

  void add_expiry(CLI::App& to) {
    cli::add_duration(to, "--expires", r_.valid_for, control::shortest_expiry,
                      control::longest_expiry,
                      "Who has not decrypted it by then is sent it no more (default: never)")
        ->default_str("");
  }

  void add_priority(CLI::App& to, const std::string& otherwise) {
    to.add_option("--priority", r_.priority, "How urgent it is (default " + otherwise + ")")
        ->type_name("routine|urgent|emergency");
  }

  void add_group(CLI::App& to) {
    to.add_option("--group", r_.group, "The identity's group, when it is made (default ffdhe3072)")
        ->type_name("ffdhe2048|ffdhe3072|ffdhe4096|ristretto255");
  }

  CLI::Option* add_listen(CLI::App& to, const std::string& description) {
    return to.add_option("--listen", r_.listen, description)->type_name("HOST:PORT");
  }

  void add_passphrase(CLI::App& to) {
    to.add_option("--passphrase-fd", r_.out.passphrase.descriptor,
                  "Read the passphrase of the keys from this descriptor (else from the file that "
                  "WARDLINE_PASSPHRASE_FILE names, else it is asked for)")
        ->check(CLI::Range(0, 1'000'000))
        ->type_name("N")
        ->configurable(false);
  }

  std::vector<subcommand> commands;

 private:
  CLI::App& app_;
  command_words& r_;
};

}  // namespace wardline::doctor
