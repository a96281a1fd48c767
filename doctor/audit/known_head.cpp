#include "doctor/audit/known_head.hpp"

#include <charconv>

#include "common/util/text_encoding.hpp"

namespace wardline::doctor::audit {

std::string to_text(const head& h) {
  return std::to_string(h.number) + ":" + to_hex(h.hash.view());
}

std::optional<head> known_head(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  head out;
  const char* end = text.data() + colon;
  const auto number = std::from_chars(text.data(), end, out.number);
  const auto hash = from_hex(text.substr(colon + 1));
  if (number.ec != std::errc{} || number.ptr != end || !hash) return std::nullopt;
  const auto whole = crypto::digest::from(*hash);
  if (!whole) return std::nullopt;
  out.hash = *whole;
  return out;
}

}  // namespace wardline::doctor::audit
