#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "common/cli/configured.hpp"

namespace wardline::cli {

/// `PROGRAM config check` and `config show`.
struct config_command {
  enum class act { check, show };

  act what;
  std::string file;  ///< to check; empty: the one that would be taken
};

/// Its subcommands.
class config_options {
 public:
  /// `add_common`: the options that say whose settings they are, and --json.
  config_options(CLI::App& app, const std::function<void(CLI::App&)>& add_common);

  /// After `app` was parsed; nothing: it is another command.
  std::optional<config_command> given() const;

 private:
  CLI::App* app_;
  CLI::App* check_;
  CLI::App* show_;
  std::string file_;
};

/// Prints what `config check` says. The exit status: 1 if anything is wrong. Throws `failure` if
/// there is nothing to check.
int check_config(const configured& c, bool as_json);

/// Prints what `config show` says. (The data directory has a default that depends on the id.)
int show_config(const configured& c, const std::filesystem::path& data_directory, bool as_json);

}  // namespace wardline::cli
