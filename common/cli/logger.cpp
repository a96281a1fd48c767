#include "common/cli/logger.hpp"

#include <algorithm>
#include <array>

#include "common/cli/time_text.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::cli {
namespace {

constexpr std::array<std::string_view, 4> names{"error", "warning", "info", "debug"};

}  // namespace

std::string_view name(log_level level) noexcept { return names[static_cast<std::size_t>(level)]; }

std::optional<log_level> log_level_of(std::string_view name) noexcept {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<log_level>(found - names.begin());
}

void logger::log(log_level level, std::string_view text) const {
  if (level > threshold_) return;
  std::string line = utc_text(clock_.now()) + " " + std::string(name(level)) + ": ";
  line += printable(text);
  // printable() leaves these two, and one event is one line.
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::replace(line.begin(), line.end(), '\t', ' ');
  to_(line);
}

}  // namespace wardline::cli
