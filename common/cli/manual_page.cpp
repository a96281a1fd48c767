#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "common/cli/outline.hpp"

namespace wardline::cli {
namespace {

// groff_char(7): a hyphen would become a typographic one, a leading dot or quote a request.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&";
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

std::string term(const outline::option& o) {
  std::string out;
  for (const auto& name : o.names)
    out += fmt::format("{}\\fB{}\\fR", out.empty() ? "" : ", ", escaped(name));
  if (!o.value.empty())
    out += fmt::format("{}\\fI{}\\fR", out.empty() ? "" : " ", escaped(o.value));
  return out;
}

std::string entries(const std::vector<outline::option>& options) {
  std::string out;
  for (const auto& o : options)
    out += fmt::format(".TP\n{}\n{}\n", term(o), escaped(o.description));
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string synopsis(const outline& of, const std::string& whole_name) {
  std::string out = fmt::format(".B {}\n", escaped(whole_name));
  if (!of.options.empty()) out += "[\\fIOPTION\\fR]...\n";
  for (const auto& p : of.places)
    out += fmt::format("{0}\\fI{1}\\fR{2}\n", p.is_required ? "" : "[", escaped(p.value),
                       p.is_required ? "" : "]");
  return out;
}

void add_commands(const outline& of, const std::string& whole_name, std::string& out) {
  for (const auto& c : of.commands) {
    const auto name = whole_name + " " + c.name;
    out += fmt::format(".SS {}\n{}.PP\n{}\n{}{}", escaped(name), synopsis(c, name),
                       escaped(c.description), entries(c.places), entries(c.options));
    add_commands(c, name, out);
  }
}

}  // namespace

std::string manual_page(const outline& program, std::string_view version) {
  std::string out = fmt::format(".TH {} 1 \"\" \"Wardline {}\" \"Wardline\"\n", upper(program.name),
                                escaped(version));
  const auto sentence_end = program.description.find('.');
  out += fmt::format(".SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}", escaped(program.name),
                     escaped(program.description.substr(0, sentence_end)),
                     synopsis(program, program.name));
  if (!program.commands.empty())
    out += fmt::format(".br\n.B {}\n\\fICOMMAND\\fR [\\fIOPTION\\fR]...\n", escaped(program.name));
  out += fmt::format(".SH DESCRIPTION\n{}\n", escaped(program.description));

  std::vector<std::pair<std::string, std::vector<outline::option>>> groups{{"Options", {}}};
  for (const auto& o : program.options) {
    auto at = std::find_if(groups.begin(), groups.end(),
                           [&](const auto& g) { return g.first == o.group; });
    if (at == groups.end()) at = groups.insert(at, {o.group, {}});
    at->second.push_back(o);
  }
  for (const auto& [group, options] : groups)
    out += fmt::format(".SH {}\n{}", escaped(upper(group)), entries(options));
  if (!program.commands.empty()) out += ".SH COMMANDS\n";
  add_commands(program, program.name, out);
  if (!program.footer.empty()) out += fmt::format(".SH NOTES\n{}\n", escaped(program.footer));
  return out + ".SH SEE ALSO\n.BR doctor (1),\n.BR patient (1),\n.BR wardline\\-bench (1)\n";
}

}  // namespace wardline::cli
