#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "common/util/clock.hpp"

namespace wardline::cli {

enum class log_level { error, warning, info, debug };

/// "error", "warning", "info" or "debug".
std::string_view name(log_level level) noexcept;
std::optional<log_level> log_level_of(std::string_view name) noexcept;

enum class log_format {
  text,
  journal,  ///< text for systemd's journal, which has the time itself and takes the level as "<4>"
  json,
};

/// "text" or "json".
std::optional<log_format> log_format_of(std::string_view name) noexcept;

/// True if `descriptor` leads to systemd's journal, as JOURNAL_STREAM says.
bool leads_to_journal(int descriptor);

/// Events for operators, a line each: "2026-03-14T09:26:53.589Z warning: TEXT". The text is made
/// harmless first (control characters, also line feeds, cannot forge another line). As JSON:
/// {"time":"2026-03-14T09:26:53.589Z","level":"warning","text":"TEXT",...}
class logger {
 public:
  /// Takes a line without its line feed: a `line_writer` on standard error, or a line editor that
  /// prints it above what a person is typing. As thread-safe as the logger is to be.
  using sink = std::function<void(std::string_view line)>;

  /// `c` must outlive it. What is less serious than `threshold` is left out.
  logger(sink to, const clock& c, log_level threshold = log_level::info,
         log_format format = log_format::text)
      : to_(std::move(to)), clock_(c), threshold_(threshold), format_(format) {}

  bool takes(log_level level) const noexcept { return level <= threshold_; }

  void set_threshold(log_level threshold) noexcept { threshold_ = threshold; }

  void error(std::string_view text) const { log(log_level::error, text); }
  void warning(std::string_view text) const { log(log_level::warning, text); }
  void info(std::string_view text) const { log(log_level::info, text); }
  void debug(std::string_view text) const { log(log_level::debug, text); }
  void log(log_level level, std::string_view text) const;
  /// `members` are for JSON, behind the others.
  void log(log_level level, std::string_view text, const nlohmann::ordered_json& members) const;

 private:
  sink to_;
  const clock& clock_;
  log_level threshold_;
  log_format format_;
};

}  // namespace wardline::cli
