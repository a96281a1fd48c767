#include "doctor/run_config.hpp"

#include <cstdio>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/cli/guard.hpp"
#include "common/cli/table.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::doctor {
namespace {

using json = nlohmann::ordered_json;

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    throw failure("cannot write to standard output");
}

json file_of(const configured& c) { return c.file.empty() ? json(nullptr) : json(c.file.string()); }

int check(const configured& c, bool as_json) {
  if (c.file.empty() && c.findings.empty())
    throw failure("there is no configuration file to check",
                  "name one: doctor config check FILE; or say whose with --id or --data-dir");
  const int status = c.findings.empty() ? cli::done : cli::failed;
  if (as_json) {
    auto findings = json::array();
    for (const auto& f : c.findings)
      findings.push_back({{"where", f.where}, {"what", f.what}, {"hint", f.hint}});
    print(cli::json_line({{"file", file_of(c)}, {"findings", findings}}) + "\n");
    return status;
  }
  std::string text;
  for (const auto& f : c.findings)
    text += printable(text_of(f) + (f.hint.empty() ? "" : " (" + f.hint + ")")) + "\n";
  if (status == cli::done) text = printable(c.file.string()) + ": nothing is wrong with it\n";
  print(text);
  return status;
}

/// The data directory has a default that depends on the id.
json value_of(const cli::setting& s, const command_line& line) {
  if (s.name == "data-dir") return line.settings.data_directory.string();
  return s.value ? json(*s.value) : json(nullptr);
}

int show(const command_line& line) {
  const auto& c = line.configuration;
  if (line.json) {
    auto settings = json::array();
    for (const auto& s : c.in_force) {
      settings.push_back({{"name", s.name},
                          {"value", value_of(s, line)},
                          {"source", cli::name(s.source)},
                          {"where", s.where}});
    }
    print(cli::json_line({{"file", file_of(c)}, {"settings", settings}}) + "\n");
    return cli::done;
  }
  cli::table t({"Setting", "Value", "From"});
  for (const auto& s : c.in_force) {
    const auto value = value_of(s, line);
    t.add({s.name, value.is_null() ? "-" : value.get<std::string>(),
           s.where.empty() ? std::string(cli::name(s.source)) : s.where});
  }
  print(t.text(::isatty(STDOUT_FILENO) == 1 ? cli::terminal_width() : 0));
  return cli::done;
}

}  // namespace

int run_config(const command_line& line) {
  if (line.asked_config.value().what == config_command::act::show) return show(line);
  return check(line.configuration, line.json);
}

}  // namespace wardline::doctor
