#include "common/cli/configured.hpp"

#include <cstdlib>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "common/cli/guard.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::cli {
namespace {

std::filesystem::path file_beside_records(const settings_sources& from) try {
  const auto directory = from.data_directory();
  if (directory.empty()) return {};
  const auto file = directory / "config.toml";
  std::error_code unknown;
  return std::filesystem::exists(file, unknown) ? file : std::filesystem::path();
} catch (const failure&) {
  return {};  // without a home directory there is none, which is told where it matters
}

settings_file read(const std::filesystem::path& file, const settings_sources& from) {
  const auto name = file.string();
  try {
    if (const auto content = from.read(file, settings_file::most_bytes))
      return read_settings(*content, name);
    return {name, {}, {{name, "there is no such file", ""}}};
  } catch (const failure& f) {
    return {name, {}, {{"", f.what(), f.hint()}}};
  }
}

/// A file that was found by the data directory cannot say where that is.
void keep_directory(settings_file& found) {
  std::erase_if(found.entries, [&](const auto& e) {
    if (e.key != "data-dir") return false;
    found.findings.push_back({e.where, "data-dir: this file was found in the data directory",
                              "take the line out, or name the file with --config"});
    return true;
  });
}

std::string place_and_fault(const finding& f) {
  return f.where.empty() ? f.what : f.where + ": " + f.what;
}

void note(const configured& c, const std::vector<finding>& all) {
  for (const auto& f : all) fmt::print(stderr, "{}: note: {}\n", c.program, printable(text_of(f)));
}

}  // namespace

void add_config_file(CLI::App& app, std::string& file) {
  app.add_option("--config", file,
                 "Take settings from this file (else the one that WARDLINE_CONFIG names, else "
                 "config.toml in the data directory)")
      ->type_name("FILE")
      ->configurable(false);
}

configured take_settings(CLI::App& app, const settings_sources& from) {
  const auto check = [&from](const std::string& name, const std::string& value) {
    if (name == "data-dir" && !std::filesystem::path(value).is_absolute())
      throw failure("the name does not begin with a slash");
    if (from.check) from.check(name, value);
  };
  const auto variables = wardline_variables();
  settings all(app, check, variables);
  configured out{app.get_name(), from.file, all.take_environment(), all.misspelt(), {}};
  if (const auto named = variables.find("WARDLINE_CONFIG");
      out.file.empty() && named != variables.end())
    out.file = named->second;
  const bool is_found = out.file.empty();
  if (is_found) out.file = file_beside_records(from);
  if (!out.file.empty()) {
    auto file = read(out.file, from);
    if (is_found) keep_directory(file);
    const auto more = all.take(file);
    out.findings.insert(out.findings.end(), more.begin(), more.end());
  }
  out.in_force = all.all();
  return out;
}

std::string text_of(const finding& f) {
  return place_and_fault(f) + (f.hint.empty() ? "" : " (" + f.hint + ")");
}

void insist(const configured& c) {
  if (c.findings.empty()) return;
  const auto& first = c.findings.front();
  const auto more = c.findings.size() - 1;
  if (more == 0) throw usage_error(place_and_fault(first), first.hint);
  throw usage_error(fmt::format("{} (and {} more)", place_and_fault(first), more),
                    c.program + " config check tells of all");
}

void tell(const configured& c) {
  note(c, c.findings);
  note(c, c.misspelt);
}

void tell_misspelt(const configured& c) { note(c, c.misspelt); }

}  // namespace wardline::cli
