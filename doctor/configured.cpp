#include "doctor/configured.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "common/cli/guard.hpp"
#include "common/cli/paths.hpp"
#include "common/store/file.hpp"
#include "common/util/text_encoding.hpp"
#include "doctor/command_builder.hpp"
#include "doctor/escalation/alarm_program.hpp"
#include "doctor/setting_values.hpp"

namespace wardline::doctor {
namespace {

/// What the options themselves do not look at, so that a finding can name its line.
void judge(const std::string& name, const std::string& value) {
  if (name == "id") check_doctor(value);
  if (name == "group") group_of(value);
  if (name == "listen") listen_address_of(value);
  if (name == "metrics") metrics_address_of(value);
  if (name == "log-level") log_level_of(value);
  if (name == "log-format") log_format_of(value);
  if (name == "on-overdue") alarm_program::check(value);
  if (name == "data-dir" && !std::filesystem::path(value).is_absolute())
    throw failure("the name does not begin with a slash");
}

/// In the data directory, as far as command line and environment say where that is.
std::filesystem::path file_beside_records(const command_words& r) try {
  const auto& id = r.out.settings.id;
  if (!r.directory && !crypto::is_valid_id(id)) return {};
  const auto file =
      (r.directory ? *r.directory : cli::default_data_directory("doctor", id)) / "config.toml";
  std::error_code unknown;
  return std::filesystem::exists(file, unknown) ? file : std::filesystem::path();
} catch (const failure&) {
  return {};  // without a home directory there is none, which is told where it matters
}

cli::settings_file read(const std::filesystem::path& file) {
  const auto name = file.string();
  try {
    if (const auto content = store::read_trusted_file(file, cli::settings_file::most_bytes))
      return cli::read_settings(*content, name);
    return {name, {}, {{name, "there is no such file", ""}}};
  } catch (const failure& f) {
    return {name, {}, {{"", f.what(), f.hint()}}};
  }
}

/// A file that was found by the data directory cannot say where that is.
void keep_directory(cli::settings_file& found) {
  std::erase_if(found.entries, [&](const auto& e) {
    if (e.key != "data-dir") return false;
    found.findings.push_back({e.where, "data-dir: this file was found in the data directory",
                              "take the line out, or name the file with --config"});
    return true;
  });
}

}  // namespace

configured take_settings(CLI::App& app, command_words& r) {
  cli::settings all(app, judge, [](const char* name) -> const char* { return std::getenv(name); });
  configured out{{}, all.take_environment(), {}};
  const char* named = r.config_file.empty() ? std::getenv("WARDLINE_CONFIG") : nullptr;
  out.file = named != nullptr && *named != '\0' ? named : r.config_file;
  const bool is_found = out.file.empty();
  if (is_found) out.file = file_beside_records(r);
  if (!out.file.empty()) {
    auto file = read(out.file);
    if (is_found) keep_directory(file);
    const auto more = all.take(file);
    out.findings.insert(out.findings.end(), more.begin(), more.end());
  }
  out.in_force = all.all();
  return out;
}

std::string text_of(const cli::finding& f) {
  return f.where.empty() ? f.what : f.where + ": " + f.what;
}

void insist(const configured& c) {
  if (c.findings.empty()) return;
  const auto& first = c.findings.front();
  const auto more = c.findings.size() - 1;
  if (more == 0) throw cli::usage_error(text_of(first), first.hint);
  throw cli::usage_error(fmt::format("{} (and {} more)", text_of(first), more),
                         "doctor config check tells of all");
}

void tell(const configured& c) {
  for (const auto& f : c.findings) fmt::print(stderr, "doctor: note: {}\n", printable(text_of(f)));
}

}  // namespace wardline::doctor
