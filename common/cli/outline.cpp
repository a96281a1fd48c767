#include "common/cli/outline.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>

namespace wardline::cli {
namespace {

std::vector<std::string> choices_in(const std::string& type) {
  std::vector<std::string> out;
  if (type.find('|') == std::string::npos) return out;
  for (std::size_t from = 0; from <= type.size();) {
    const auto end = std::min(type.find('|', from), type.size());
    out.push_back(type.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

/// CLI11 puts what a number is checked for behind its type: "N:INT in [1 - 9]".
std::string without_check(std::string type) {
  const auto range = type.find(" in [");
  if (range != std::string::npos) type.resize(type.rfind(':', range));
  return type;
}

outline::option option_of(const CLI::Option& o) {
  outline::option out{{}, {}, {}, o.get_description(), o.get_group(), o.get_required()};
  for (const auto& name : o.get_snames()) out.names.push_back("-" + name);
  for (const auto& name : o.get_lnames()) out.names.push_back("--" + name);
  if (o.get_positional()) {
    out.value = o.get_single_name();
  } else if (o.get_items_expected_max() > 0) {
    out.value = without_check(o.get_type_name());
  }
  const bool has_default = !o.get_default_str().empty();
  if (has_default && out.description.find("(default") == std::string::npos)
    out.description += " (default " + o.get_default_str() + ")";
  out.choices = choices_in(out.value);
  return out;
}

}  // namespace

outline outline_of(const CLI::App& app) {
  outline out{app.get_name(), app.get_description(), app.get_footer(), {}, {}, {}};
  for (const auto* o : app.get_options()) {
    if (o->get_group().empty()) continue;  // hidden from help, too
    (o->get_positional() ? out.places : out.options).push_back(option_of(*o));
  }
  std::sort(out.options.begin(), out.options.end(),
            [](const auto& a, const auto& b) { return a.names.back() < b.names.back(); });
  for (const auto* command : app.get_subcommands({})) out.commands.push_back(outline_of(*command));
  return out;
}

}  // namespace wardline::cli
