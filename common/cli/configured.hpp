#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/cli/settings.hpp"

namespace wardline::cli {

/// What the configuration file and the environment have added to a command line.
struct configured {
  std::string program;
  std::filesystem::path file;  ///< empty: there is none
  std::vector<finding> findings;
  std::vector<finding> misspelt;  ///< variables that say nothing to the program, but nearly do
  std::vector<setting> in_force;
};

/// Where a program's settings come from besides its command line.
struct settings_sources {
  std::string file;  ///< what --config names
  /// As far as command line and environment say where that is; empty: they do not.
  std::function<std::filesystem::path()> data_directory;
  /// `store::read_trusted_file`
  std::function<std::optional<std::string>(const std::filesystem::path&, std::size_t most)> read;
  settings::judge check;
};

/// --config FILE
void add_config_file(CLI::App& app, std::string& file);

/// The file is --config, else WARDLINE_CONFIG, else config.toml in the data directory, if it is
/// there; it has to be ours or root's, and nobody else's to write to. `app` has been parsed;
/// whatever is well said goes where the command line would have put it.
configured take_settings(CLI::App& app, const settings_sources& from);

/// "WHERE: WHAT (HINT)"
std::string text_of(const finding& f);

/// Throws `usage_error` if anything was found.
void insist(const configured& c);

/// Tells on standard error what was found and misspelt, and goes on: an emergency must not wait for
/// a file that is none of its business.
void tell(const configured& c);
/// Only what was misspelt.
void tell_misspelt(const configured& c);

}  // namespace wardline::cli
