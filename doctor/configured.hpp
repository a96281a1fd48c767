#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/cli/settings.hpp"

namespace CLI {
class App;
}

namespace wardline::doctor {

struct command_words;

/// `doctor config`
struct config_command {
  enum class act { check, show };

  act what;
  std::string file;  ///< to check; empty: the one that would be taken
};

/// What the configuration file and the environment have added to a command line.
struct configured {
  std::filesystem::path file;  ///< empty: there is none
  std::vector<cli::finding> findings;
  std::vector<cli::setting> in_force;
};

/// The file is --config, else WARDLINE_CONFIG, else config.toml in the data directory, if it is
/// there; it has to be ours or root's, and nobody else's to write to. `app` has been parsed;
/// whatever is well said goes where the command line would have put it.
configured take_settings(CLI::App& app, command_words& r);

/// "WHERE: WHAT"
std::string text_of(const cli::finding& f);

/// Throws `cli::usage_error` if anything was found.
void insist(const configured& c);

/// Tells of it and goes on: an emergency must not wait for a file that is none of its business.
void tell(const configured& c);

}  // namespace wardline::doctor
