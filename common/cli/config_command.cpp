#include "common/cli/config_command.hpp"

#include <cstdio>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/cli/guard.hpp"
#include "common/cli/table.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::cli {
namespace {

using json = nlohmann::ordered_json;

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw failure("cannot write to standard output");
}

json file_of(const configured& c) { return c.file.empty() ? json(nullptr) : json(c.file.string()); }

}  // namespace

config_options::config_options(CLI::App& app, const std::function<void(CLI::App&)>& add_common)
    : app_(app.add_subcommand("config", "Look at the settings")),
      check_(app_->add_subcommand("check", "Look whether a configuration file is right")),
      show_(app_->add_subcommand("show", "List every setting and where it comes from")) {
  app_->require_subcommand(1);
  for (auto* one : {check_, show_}) add_common(*one);
  check_->add_option("FILE", file_, "The file (by itself the one that would be taken)");
}

std::optional<config_command> config_options::given() const {
  if (!app_->parsed()) return std::nullopt;
  using act = config_command::act;
  return config_command{check_->parsed() ? act::check : act::show, file_};
}

int check_config(const configured& c, bool as_json) {
  auto all = c.findings;
  all.insert(all.end(), c.misspelt.begin(), c.misspelt.end());
  if (c.file.empty() && all.empty())
    throw failure(
        "there is no configuration file to check",
        "name one: " + c.program + " config check FILE; or say whose with --id or --data-dir");
  const int status = all.empty() ? done : failed;
  if (as_json) {
    auto findings = json::array();
    for (const auto& f : all)
      findings.push_back({{"where", f.where}, {"what", f.what}, {"hint", f.hint}});
    print(json_line({{"file", file_of(c)}, {"findings", findings}}) + "\n");
    return status;
  }
  std::string text;
  for (const auto& f : all) text += printable(text_of(f)) + "\n";
  if (status == done) text = printable(c.file.string()) + ": nothing is wrong with it\n";
  print(text);
  return status;
}

int show_config(const configured& c, const std::filesystem::path& data_directory, bool as_json) {
  const auto value_of = [&](const setting& s) {
    return s.name == "data-dir" ? std::optional(data_directory.string()) : s.value;
  };
  if (as_json) {
    auto settings = json::array();
    for (const auto& s : c.in_force) {
      const auto value = value_of(s);
      settings.push_back({{"name", s.name},
                          {"value", value ? json(*value) : json(nullptr)},
                          {"source", name(s.source)},
                          {"where", s.where}});
    }
    print(json_line({{"file", file_of(c)}, {"settings", settings}}) + "\n");
    return done;
  }
  table t({"Setting", "Value", "From"});
  for (const auto& s : c.in_force) {
    t.add({s.name, value_of(s).value_or("-"),
           s.where.empty() ? std::string(name(s.source)) : s.where});
  }
  print(t.text(::isatty(STDOUT_FILENO) == 1 ? terminal_width() : 0));
  return done;
}

}  // namespace wardline::cli
