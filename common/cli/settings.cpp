#include "common/cli/settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "common/cli/nearest.hpp"
#include "common/util/error.hpp"

namespace wardline::cli {
namespace {

using kind = settings_file::kind;

constexpr std::array<std::string_view, 4> sources{"flag", "environment", "file", "default"};
constexpr std::array secrets{"passphrase", "password", "secret", "seed", "private-key"};
constexpr std::array secret_variables{"WARDLINE_PASSPHRASE", "WARDLINE_PASSWORD"};
constexpr std::string_view beginning = "WARDLINE_";
constexpr std::array no_settings{"config", "passphrase-file"};  // but variables

std::string name_of(const CLI::Option& o) { return o.get_lnames().front(); }

bool is_setting(const CLI::Option& o) {
  return o.get_configurable() && !o.get_lnames().empty() && !o.get_group().empty();
}

bool is_flag(const CLI::Option& o) { return o.get_items_expected_max() == 0; }

bool names_a_secret(const std::string& key) {
  return std::any_of(secrets.begin(), secrets.end(),
                     [&](const char* s) { return key.find(s) != std::string::npos; });
}

/// What is to be said about a value of this type, or nothing if the option takes such.
std::string expected_instead_of(const CLI::Option& o, kind given) {
  const auto& type = o.get_type_name();
  if (is_flag(o)) return given == kind::truth ? "" : "takes true or false";
  if (type == "N" || type.starts_with("N:"))  // and what it is checked for
    return given == kind::whole_number || given == kind::number ? "" : "takes a number";
  if (type.starts_with("DURATION"))
    return given == kind::text || given == kind::whole_number
               ? ""
               : "takes a duration, such as \"30s\" or \"10m\"";
  return given == kind::text ? "" : "takes a text in quotes";
}

/// CLI11 puts the option's name in front; the place is in front already.
std::string without_name(std::string text, const std::string& name) {
  const auto prefix = "--" + name + ": ";
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  return text;
}

/// As `variable_of` has made it.
std::string name_in(const std::string& variable) {
  std::string out = variable.substr(beginning.size());
  for (auto& c : out) {
    c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

}  // namespace

std::string_view name(setting_source source) noexcept {
  return sources[static_cast<std::size_t>(source)];
}

std::string variable_of(const std::string& name) {
  std::string out = std::string(beginning) + name;
  for (auto& c : out) {
    c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return out;
}

std::map<std::string, std::string> wardline_variables() {
  std::map<std::string, std::string> out;
  for (char** one = environ; one != nullptr && *one != nullptr; ++one) {
    const std::string_view line = *one;
    const auto end = line.find('=');
    if (!line.starts_with(beginning) || end == std::string_view::npos || end + 1 == line.size())
      continue;
    out.emplace(line.substr(0, end), line.substr(end + 1));
  }
  return out;
}

settings::settings(CLI::App& app, judge check, std::map<std::string, std::string> variables)
    : app_(app), check_(std::move(check)), variables_(std::move(variables)) {
  note_given(app_);
}

// A command has some of the program's options too, which then say the same.
void settings::note_given(const CLI::App& app) {
  for (const auto* o : app.get_options()) {
    if (o->count() == 0 || !is_setting(*o)) continue;
    const auto value = is_flag(*o) ? "true" : o->results().back();
    in_force_[name_of(*o)] = {name_of(*o), value, setting_source::flag, ""};
  }
  for (const auto* command : app.get_subcommands()) note_given(*command);
}

std::vector<std::string> settings::names() const {
  std::vector<std::string> out;
  for (const auto* o : static_cast<const CLI::App&>(app_).get_options()) {
    if (is_setting(*o)) out.push_back(name_of(*o));
  }
  return out;
}

void settings::put(CLI::Option& to, const setting& what) {
  to.clear();
  to.add_result(*what.value);
  to.run_callback();
  in_force_[what.name] = what;
}

std::optional<finding> settings::give(CLI::Option& to, const setting& what) {
  try {
    if (check_) check_(what.name, *what.value);
    put(to, what);
  } catch (const CLI::ParseError& e) {
    to.clear();
    return finding{what.where, what.name + ": " + without_name(e.what(), what.name), ""};
  } catch (const failure& f) {
    to.clear();
    return finding{what.where, what.name + ": " + f.what(), f.hint()};
  }
  return std::nullopt;
}

std::vector<finding> settings::take_environment() {
  std::vector<finding> out;
  for (const char* secret : secret_variables) {
    if (variables_.count(secret) > 0)
      out.push_back({secret, "a passphrase does not belong into the environment",
                     "unset it; WARDLINE_PASSPHRASE_FILE may name a private file"});
  }
  for (auto* o : app_.get_options()) {
    if (!is_setting(*o)) continue;
    const auto variable = variable_of(name_of(*o));
    const auto found = variables_.find(variable);
    if (found == variables_.end() || found->second.empty() || is_set(name_of(*o))) continue;
    const auto& text = found->second;
    if (is_flag(*o) && text != "true" && text != "false") {
      out.push_back({variable, name_of(*o) + ": takes true or false", ""});
    } else if (auto wrong = give(*o, {name_of(*o), text, setting_source::environment, variable})) {
      out.push_back(std::move(*wrong));
    }
  }
  return out;
}

std::vector<finding> settings::misspelt() const {
  auto known = names();
  known.insert(known.end(), no_settings.begin(), no_settings.end());
  std::vector<finding> out;
  for (const auto& [variable, unused] : variables_) {
    const auto guess = nearest(name_in(variable), known);
    if (guess.empty() || variable == variable_of(guess) ||
        std::find(secret_variables.begin(), secret_variables.end(), variable) !=
            secret_variables.end())
      continue;
    out.push_back(
        {variable, "there is no such setting", "did you mean " + variable_of(guess) + "?"});
  }
  return out;
}

std::vector<finding> settings::take(const settings_file& file) {
  auto out = file.findings;
  for (const auto& one : file.entries) {
    if (auto wrong = take_entry(one)) out.push_back(std::move(*wrong));
  }
  return out;
}

std::optional<finding> settings::take_entry(const settings_file::entry& one) {
  const auto known = names();
  if (std::find(known.begin(), known.end(), one.key) == known.end()) {
    if (names_a_secret(one.key))
      return finding{one.where, one.key + ": a secret does not belong into this file",
                     "see \"Passphrase\" in docs/operations.md"};
    const auto guess = nearest(one.key, known);
    return finding{one.where, "there is no setting \"" + one.key + "\"",
                   guess.empty() ? "" : "did you mean " + guess + "?"};
  }
  auto& option = *app_.get_option("--" + one.key);
  if (const auto expected = expected_instead_of(option, one.type); !expected.empty())
    return finding{one.where, one.key + " " + expected, ""};

  // Also where somebody else has the last word the file is to be right.
  const auto first = in_force_.find(one.key);
  if (first == in_force_.end())
    return give(option, {one.key, one.text, setting_source::file, one.where});
  const auto stays = first->second;
  auto wrong = give(option, {one.key, one.text, setting_source::file, one.where});
  put(option, stays);
  return wrong;
}

std::vector<setting> settings::all() const {
  std::vector<setting> out;
  for (const auto* o : static_cast<const CLI::App&>(app_).get_options()) {
    if (!is_setting(*o)) continue;
    const auto found = in_force_.find(name_of(*o));
    if (found != in_force_.end()) {
      out.push_back(found->second);
      continue;
    }
    auto value = is_flag(*o) ? "false" : o->get_default_str();
    out.push_back({name_of(*o), value.empty() ? std::nullopt : std::optional(std::move(value)),
                   setting_source::standard, ""});
  }
  return out;
}

}  // namespace wardline::cli
