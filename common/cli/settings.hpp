#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/cli/settings_file.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace wardline::cli {

enum class setting_source { flag, environment, file, standard };

/// "flag", "environment", "file" or "default".
std::string_view name(setting_source source) noexcept;

/// A setting as it is in force.
struct setting {
  std::string name;                  ///< of the option, without hyphens
  std::optional<std::string> value;  ///< nothing: there is none
  setting_source source;
  std::string where;  ///< the variable, or FILE:LINE
};

/// The options of a program that was parsed, as far as a configuration file and the environment
/// may say them too: those that are "configurable" in the words of CLI11. What the command line has
/// named stays, the environment comes before the file, and the file before the default. (CLI11
/// could read both, but would let the file win.)
class settings {
 public:
  /// Throws `failure` or CLI::ParseError if this option must not have this value.
  using judge = std::function<void(const std::string& name, const std::string& value)>;

  /// `app`, which has to outlive it, has parsed a command line. WARDLINE_ + NAME, in capitals and
  /// with underscores, is the variable of an option.
  settings(CLI::App& app, judge check, std::map<std::string, std::string> variables);

  /// What is wrong is not taken, and told.
  std::vector<finding> take_environment();
  std::vector<finding> take(const settings_file& file);

  /// Variables that nobody reads, with names that are nearly those of settings. (Others may belong
  /// to another program.)
  std::vector<finding> misspelt() const;

  bool is_set(const std::string& name) const { return in_force_.count(name) > 0; }

  /// All of them, in the order of the option table.
  std::vector<setting> all() const;

 private:
  std::vector<std::string> names() const;
  void note_given(const CLI::App& app);
  void put(CLI::Option& to, const setting& what);
  std::optional<finding> give(CLI::Option& to, const setting& what);
  std::optional<finding> take_entry(const settings_file::entry& one);

  CLI::App& app_;
  judge check_;
  std::map<std::string, std::string> variables_;
  std::map<std::string, setting> in_force_;
};

/// The variable of an option.
std::string variable_of(const std::string& name);

/// This process' variables that begin with WARDLINE_ and are not empty, which is not set.
std::map<std::string, std::string> wardline_variables();

}  // namespace wardline::cli
