#include "common/cli/time_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>

#include <fmt/format.h>

#include "common/util/error.hpp"

namespace wardline::cli {
namespace {

struct unit {
  char letter;
  std::int64_t in_seconds;
};

constexpr std::array<unit, 4> units{{{'d', 86'400}, {'h', 3'600}, {'m', 60}, {'s', 1}}};

std::int64_t in_seconds(char letter) noexcept {
  for (const auto& u : units) {
    if (u.letter == letter) return u.in_seconds;
  }
  return 0;
}

std::string broken_down(unix_ms t, std::tm* (*convert)(const std::time_t*, std::tm*),
                        const char* format) {
  const auto whole = static_cast<std::time_t>(t / 1000);
  std::tm fields{};
  std::array<char, 64> text{};
  if (convert(&whole, &fields) == nullptr) return "?";  // a year beyond what an int holds
  return {text.data(), std::strftime(text.data(), text.size(), format, &fields)};
}

}  // namespace

seconds parse_duration(std::string_view text, seconds least, seconds most) {
  std::string_view digits = text;
  std::int64_t factor = 1;
  if (!text.empty() && in_seconds(text.back()) != 0) {
    factor = in_seconds(text.back());
    digits.remove_suffix(1);
  }
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  const bool is_number = !digits.empty() && digits.front() != '-' && parsed.ptr == end &&
                         parsed.ec != std::errc::invalid_argument;
  if (!is_number) {
    throw failure("\"" + std::string(text) + "\" is no duration",
                  "Write a whole number with s, m, h or d, for example 30s, 10m, 24h or 7d.");
  }
  // Out of range of the type is out of range of anything.
  const bool is_too_large = parsed.ec != std::errc{} || number > most.count() / factor;
  if (is_too_large || number * factor < least.count()) {
    throw failure("\"" + std::string(text) + "\" is not from " + duration_text(least) + " to " +
                  duration_text(most));
  }
  return seconds(number * factor);
}

std::string duration_text(seconds d) {
  std::int64_t left = d.count();
  if (left < 0) return "-" + duration_text(-d);
  std::string out;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::int64_t n = left / units[i].in_seconds;
    if (n == 0) continue;
    left %= units[i].in_seconds;
    out = fmt::format("{}{}", n, units[i].letter);
    if (i + 1 < units.size() && left >= units[i + 1].in_seconds) {
      out += fmt::format(" {}{}", left / units[i + 1].in_seconds, units[i + 1].letter);
    }
    return out;
  }
  return "0s";
}

std::string utc_text(unix_ms t) {
  return broken_down(t, ::gmtime_r, "%Y-%m-%dT%H:%M:%S") + fmt::format(".{:03}Z", t % 1000);
}

std::string local_text(unix_ms t) { return broken_down(t, ::localtime_r, "%Y-%m-%d %H:%M:%S"); }

}  // namespace wardline::cli
