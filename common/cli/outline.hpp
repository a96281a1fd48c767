#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace wardline::cli {

/// A program's command line as it is written down for people and shells: manual page and
/// completions are made of it, and it is made of the table that parses. A type name of several
/// words between bars ("routine|urgent|emergency") is the choice of these.
struct outline {
  struct option {
    std::vector<std::string> names;  ///< with hyphens, the shortest first; none: it has a place
    std::string value;               ///< type name; empty: a flag
    std::vector<std::string> choices;
    std::string description;
    std::string group;
    bool is_required;

    bool takes_file() const { return value == "FILE" || value == "PROGRAM"; }
    bool takes_directory() const { return value == "DIR"; }
  };

  std::string name;
  std::string description;
  std::string footer;
  std::vector<option> options;  ///< by name, without those of a group without a name
  std::vector<option> places;  ///< values without a name, in order; `value` is what help calls them
  std::vector<outline> commands;
};

outline outline_of(const CLI::App& app);

/// A page of section 1 in the macros of man(7).
std::string manual_page(const outline& program, std::string_view version);

/// Scripts that complete the program's commands, options and their choices, files where files are
/// taken.
std::string bash_completion(const outline& program);
std::string zsh_completion(const outline& program);
std::string fish_completion(const outline& program);

}  // namespace wardline::cli
