#include "common/util/text_encoding.hpp"

#include <optional>

namespace wardline {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64url_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

struct code_point {
  char32_t value;
  std::size_t size;  // bytes taken
};

// One code point at the front of `data` (not empty), or nothing if the bytes are malformed.
std::optional<code_point> decode_utf8(byte_view data) noexcept {
  const byte first = data[0];
  if (first < 0x80) return code_point{first, 1};
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || data.size() < size) return std::nullopt;
  char32_t value = first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((data[i] & 0xc0U) != 0x80U) return std::nullopt;
    value = (value << 6U) | (data[i] & 0x3fU);
  }
  constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < smallest[size] || value > 0x10ffff) return std::nullopt;
  if (value >= 0xd800 && value <= 0xdfff) return std::nullopt;
  return code_point{value, size};
}

bool is_unsafe_on_a_terminal(char32_t c) noexcept {
  if (c == U'\n' || c == U'\t') return false;
  if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) return true;
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string to_hex(byte_view data) {
  std::string out;
  out.reserve(data.size() * 2);
  for (const byte b : data) {
    out.push_back(hex_digits[b >> 4U]);
    out.push_back(hex_digits[b & 15U]);
  }
  return out;
}

result<bytes> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return errc::invalid_encoding;
  bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return errc::invalid_encoding;
    out.push_back(static_cast<byte>(high * 16 + low));
  }
  return out;
}

std::string to_base64url(byte_view data) {
  std::string out;
  out.reserve((data.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const byte b : data) {
    pending = (pending << 8U) | b;
    for (bits += 8; bits >= 6; bits -= 6) {
      out.push_back(base64url_digits[(pending >> (bits - 6)) & 63U]);
    }
    pending &= (1U << bits) - 1U;
  }
  if (bits != 0) out.push_back(base64url_digits[(pending << (6 - bits)) & 63U]);
  return out;
}

result<bytes> from_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return errc::invalid_encoding;
  bytes out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const auto value = base64url_digits.find(c);
    if (value == std::string_view::npos) return errc::invalid_encoding;
    pending = (pending << 6U) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<byte>(pending >> bits));
      pending &= (1U << bits) - 1U;
    }
  }
  if (pending != 0) return errc::invalid_encoding;
  return out;
}

bool is_utf8(byte_view data) noexcept {
  while (!data.empty()) {
    const auto c = decode_utf8(data);
    if (!c) return false;
    data = data.subspan(c->size);
  }
  return true;
}

std::string printable(std::string_view text) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string out;
  out.reserve(text.size());
  for (byte_view rest = as_bytes(text); !rest.empty();) {
    const auto c = decode_utf8(rest);
    const std::size_t size = c ? c->size : 1;
    out += !c || is_unsafe_on_a_terminal(c->value) ? replacement : as_text(rest.first(size));
    rest = rest.subspan(size);
  }
  return out;
}

}  // namespace wardline
