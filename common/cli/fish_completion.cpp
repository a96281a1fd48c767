#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/cli/outline.hpp"

namespace wardline::cli {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::vector<std::string> names_of(const std::vector<outline>& commands) {
  std::vector<std::string> out;
  out.reserve(commands.size());
  for (const auto& c : commands) out.push_back(c.name);
  return out;
}

// `condition`: when the command line has come to this command.
void add_lines(const outline& of, const std::string& program, const std::string& condition,
               std::string& out) {
  const auto inner = fmt::format("{}", fmt::join(names_of(of.commands), " "));
  const auto here = of.commands.empty() ? condition
                                        : fmt::format("{}; and not __fish_seen_subcommand_from {}",
                                                      condition, inner);
  const auto begin = fmt::format("complete -c {} -n {}", program, quoted(here));
  for (const auto& o : of.options) {
    std::string line = begin;
    for (const auto& name : o.names)
      line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    line += " -d " + quoted(o.description);
    if (!o.choices.empty()) {
      line += fmt::format(" -x -a {}", quoted(fmt::format("{}", fmt::join(o.choices, " "))));
    } else if (o.takes_directory()) {
      line += " -x -a '(__fish_complete_directories)'";
    } else if (o.takes_file()) {
      line += " -r -F";
    } else if (!o.value.empty()) {
      line += " -x";
    }
    out += line + '\n';
  }
  if (!of.places.empty() && of.places.front().takes_file()) out += begin + " -F\n";
  for (const auto& c : of.commands)
    out += fmt::format("{} -a {} -d {}\n", begin, c.name, quoted(c.description));
  for (const auto& c : of.commands)
    add_lines(c, program, fmt::format("{}; and __fish_seen_subcommand_from {}", condition, c.name),
              out);
}

}  // namespace

std::string fish_completion(const outline& program) {
  std::string out = fmt::format("# fish completion for {0}\ncomplete -c {0} -f\n", program.name);
  add_lines(program, program.name, "true", out);
  return out;
}

}  // namespace wardline::cli
