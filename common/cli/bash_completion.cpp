#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/cli/outline.hpp"

namespace wardline::cli {
namespace {

// What completes the value of an option; nothing of ours needs to be quoted.
std::string completer(const outline::option& o) {
  if (!o.choices.empty()) return fmt::format("compgen -W '{}'", fmt::join(o.choices, " "));
  if (o.takes_directory()) return "compgen -d";
  if (o.takes_file()) return "compgen -f";
  return ":";
}

// Of the command whose words, each with a space before it, are `path`.
void add_case(const outline& of, const std::string& path, std::string& values, std::string& words) {
  std::vector<std::string> all;
  for (const auto& o : of.options) {
    all.insert(all.end(), o.names.begin(), o.names.end());
    if (o.value.empty()) continue;
    for (const auto& name : o.names)
      values += fmt::format("        '{} {}') complete=({}) ;;\n", path, name, completer(o));
  }
  for (const auto& c : of.commands) all.push_back(c.name);
  const bool takes_files =
      !of.places.empty() && (of.places.front().takes_file() || of.places.front().takes_directory());
  words += fmt::format("        '{}') words='{}' files={} ;;\n", path, fmt::join(all, " "),
                       takes_files ? 1 : 0);
  for (const auto& c : of.commands) add_case(c, path + " " + c.name, values, words);
}

void add_paths(const outline& of, const std::string& path, std::string& out) {
  for (const auto& c : of.commands) {
    const auto longer = path + " " + c.name;
    out += fmt::format("{}'{}'", out.empty() ? "" : " | ", longer);
    add_paths(c, longer, out);
  }
}

}  // namespace

std::string bash_completion(const outline& program) {
  std::string values;
  std::string words;
  std::string paths;
  add_case(program, "", values, words);
  add_paths(program, "", paths);
  if (paths.empty()) paths = "'no commands'";
  const auto function = fmt::format("_wardline_{}", program.name);
  return fmt::format(R"sh(# bash completion for {0}
{1}() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
    local path= words= files=0 i
    local -a complete=()
    # --option=value is three words here.
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${{COMP_WORDS[COMP_CWORD - 2]}}
    fi
    for ((i = 1; i < COMP_CWORD; ++i)); do
        case "$path ${{COMP_WORDS[i]}}" in
            {2}) path+=" ${{COMP_WORDS[i]}}" ;;
        esac
    done
    case "$path $previous" in
{3}    esac
    if ((${{#complete[@]}})); then
        [[ ${{complete[1]}} == -[df] ]] && compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <("${{complete[@]}}" -- "$current")
        return
    fi
    case "$path" in
{4}    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    if ((files)) && [[ $current != -* ]]; then
        compopt -o filenames 2>/dev/null
        mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -- "$current")
    fi
}}
complete -F {1} {0}
)sh",
                     program.name, function, paths, values, words);
}

}  // namespace wardline::cli
