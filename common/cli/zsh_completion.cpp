#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/cli/outline.hpp"

namespace wardline::cli {
namespace {

// Within single quotes, in a description of _arguments or _describe.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out;
}

std::string action(const outline::option& o) {
  if (!o.choices.empty()) return fmt::format("({})", fmt::join(o.choices, " "));
  if (o.takes_directory()) return "_files -/";
  if (o.takes_file()) return "_files";
  // Of a place a message would keep an option from being put there by the first Tab.
  return o.names.empty() ? "{true}" : " ";
}

std::string specifications(const outline& of) {
  std::string out;
  for (const auto& o : of.options) {
    for (const auto& name : o.names) {
      out += fmt::format(" \\\n        '{}[{}]", name, escaped(o.description));
      if (!o.value.empty()) out += fmt::format(":{}:{}", escaped(o.value), action(o));
      out += '\'';
    }
  }
  for (const auto& p : of.places)
    out += fmt::format(" \\\n        ':{}:{}'", escaped(p.value), action(p));
  return out;
}

void add_function(const outline& of, const std::string& name, std::string& out) {
  out += fmt::format("{}() {{\n", name);
  if (of.commands.empty()) {
    out += fmt::format("    _arguments{}\n}}\n\n", specifications(of));
    return;
  }
  out += fmt::format(
      "    local line state\n    local -a commands\n    _arguments -C{} \\\n"
      "        '1: :->command' '*::argument:->rest'\n    case $state in\n"
      "        command)\n            commands=(\n",
      specifications(of));
  for (const auto& c : of.commands)
    out += fmt::format("                '{}:{}'\n", c.name, escaped(c.description));
  out +=
      "            )\n            _describe command commands ;;\n"
      "        rest)\n            case $line[1] in\n";
  for (const auto& c : of.commands)
    out += fmt::format("                {}) {}_{} ;;\n", c.name, name, c.name);
  out += "            esac ;;\n    esac\n}\n\n";
  for (const auto& c : of.commands) add_function(c, name + "_" + c.name, out);
}

}  // namespace

std::string zsh_completion(const outline& program) {
  std::string out =
      fmt::format("#compdef {}\n# zsh completion for {}\n\n", program.name, program.name);
  add_function(program, "_" + program.name, out);
  return out + fmt::format("_{} \"$@\"\n", program.name);
}

}  // namespace wardline::cli
