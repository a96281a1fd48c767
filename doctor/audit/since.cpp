#include "doctor/audit/since.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <optional>
#include <string>

#include "common/cli/time_text.hpp"
#include "common/util/error.hpp"

namespace wardline::doctor::audit {
namespace {

constexpr seconds longest{100L * 365 * 24 * 3600};

/// `text` is digits and the marks between them, as in `form`, where each 9 is a digit.
bool has_form(std::string_view text, std::string_view form) {
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool is_digit = text[i] >= '0' && text[i] <= '9';
    if (form[i] == '9' ? !is_digit : text[i] != form[i]) return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t at, std::size_t size) {
  int out = 0;
  if (at + size <= text.size()) std::from_chars(text.data() + at, text.data() + at + size, out);
  return out;
}

std::optional<unix_ms> date_from(std::string_view text) {
  const bool is_utc = !text.empty() && text.back() == 'Z';
  if (is_utc) text.remove_suffix(1);
  constexpr std::array<std::string_view, 5> forms{"9999-99-99", "9999-99-99T99:99",
                                                  "9999-99-99 99:99", "9999-99-99T99:99:99",
                                                  "9999-99-99 99:99:99"};
  bool is_date = false;
  for (const auto form : forms) is_date = is_date || has_form(text, form);
  if (!is_date) return std::nullopt;

  std::tm wanted{};
  wanted.tm_year = number_at(text, 0, 4) - 1900;
  wanted.tm_mon = number_at(text, 5, 2) - 1;
  wanted.tm_mday = number_at(text, 8, 2);
  wanted.tm_hour = number_at(text, 11, 2);
  wanted.tm_min = number_at(text, 14, 2);
  wanted.tm_sec = number_at(text, 17, 2);
  wanted.tm_isdst = -1;
  std::tm made = wanted;
  const std::time_t at = is_utc ? ::timegm(&made) : std::mktime(&made);
  // The thirtieth of February would have become another day.
  const bool is_real = made.tm_mon == wanted.tm_mon && made.tm_mday == wanted.tm_mday &&
                       wanted.tm_hour < 24 && wanted.tm_min < 60 && wanted.tm_sec < 60;
  if (!is_real || at < 0) return std::nullopt;
  return static_cast<unix_ms>(at) * 1000;
}

}  // namespace

unix_ms since_from(std::string_view text, unix_ms now) {
  if (text.find('-') != std::string_view::npos) {
    if (const auto date = date_from(text)) return *date;
  } else {
    try {
      const auto back = cli::parse_duration(text, seconds(0), longest);
      const auto ms = static_cast<unix_ms>(milliseconds(back).count());
      return now > ms ? now - ms : 0;
    } catch (const failure&) {  // told below, with both forms
    }
  }
  throw failure("\"" + std::string(text) + "\" is neither a duration nor a time",
                "write 2h, 7d, 2026-11-21 or 2026-11-21T14:30 (local time; UTC with a Z behind)");
}

}  // namespace wardline::doctor::audit
