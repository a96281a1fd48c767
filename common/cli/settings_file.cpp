#include "common/cli/settings_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <toml++/toml.h>

namespace wardline::cli {
namespace {

using kind = settings_file::kind;

std::string place(const std::string& file, const toml::source_position& at) {
  return fmt::format("{}:{}", file, at.line);
}

std::optional<std::pair<kind, std::string>> value_of(const toml::node& n) {
  if (const auto* v = n.as_string()) return {{kind::text, v->get()}};
  if (const auto* v = n.as_integer()) return {{kind::whole_number, std::to_string(v->get())}};
  if (const auto* v = n.as_floating_point()) return {{kind::number, fmt::format("{}", v->get())}};
  if (const auto* v = n.as_boolean()) return {{kind::truth, v->get() ? "true" : "false"}};
  return std::nullopt;
}

}  // namespace

settings_file read_settings(std::string_view toml, const std::string& name) {
  settings_file out{name, {}, {}};
  toml::table all;
  try {
    all = toml::parse(toml, name);
  } catch (const toml::parse_error& e) {
    out.findings.push_back({place(name, e.source().begin), std::string(e.description()), ""});
    return out;
  }
  std::vector<std::pair<toml::source_position, settings_file::entry>> in_order;
  for (const auto& [key, node] : all) {
    const auto at = key.source().begin;
    std::string word(key.str());
    if (auto v = value_of(node)) {
      in_order.push_back({at, {std::move(word), std::move(v->second), v->first, place(name, at)}});
    } else if (node.is_table()) {
      out.findings.push_back(
          {place(name, at), word + " is a table", "there are none: KEY = VALUE"});
    } else {
      out.findings.push_back({place(name, at), word + " takes one value", ""});
    }
  }
  std::sort(in_order.begin(), in_order.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& one : in_order) out.entries.push_back(std::move(one.second));
  return out;
}

}  // namespace wardline::cli
