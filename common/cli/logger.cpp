#include "common/cli/logger.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::cli {
namespace {

constexpr std::array<std::string_view, 4> names{"error", "warning", "info", "debug"};
constexpr std::array<int, 4> priorities{3, 4, 6, 7};  // of syslog(3)

}  // namespace

std::string_view name(log_level level) noexcept { return names[static_cast<std::size_t>(level)]; }

std::optional<log_level> log_level_of(std::string_view name) noexcept {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<log_level>(found - names.begin());
}

std::optional<log_format> log_format_of(std::string_view name) noexcept {
  if (name == "text") return log_format::text;
  if (name == "json") return log_format::json;
  return std::nullopt;
}

bool leads_to_journal(int descriptor) {
  const char* stream = std::getenv("JOURNAL_STREAM");  // DEVICE:INODE, systemd.exec(5)
  struct stat about {};
  return stream != nullptr && ::fstat(descriptor, &about) == 0 &&
         std::to_string(about.st_dev) + ":" + std::to_string(about.st_ino) == stream;
}

void logger::log(log_level level, std::string_view text) const {
  log(level, text, nlohmann::ordered_json::object());
}

void logger::log(log_level level, std::string_view text,
                 const nlohmann::ordered_json& members) const {
  if (!takes(level)) return;
  auto harmless = printable(text);
  // printable() leaves these two, and one event is one line.
  std::replace(harmless.begin(), harmless.end(), '\n', ' ');
  std::replace(harmless.begin(), harmless.end(), '\t', ' ');
  switch (format_) {
    case log_format::text:
      return to_(utc_text(clock_.now()) + " " + std::string(name(level)) + ": " + harmless);
    case log_format::journal:
      return to_("<" + std::to_string(priorities[static_cast<std::size_t>(level)]) + ">" +
                 harmless);
    case log_format::json:
      nlohmann::ordered_json line{
          {"time", utc_text(clock_.now())}, {"level", name(level)}, {"text", harmless}};
      line.update(members);
      return to_(json_line(line));
  }
}

}  // namespace wardline::cli
