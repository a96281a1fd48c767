#include "common/net/address.hpp"

#include <algorithm>
#include <charconv>

#include <boost/asio/ip/address.hpp>

#include "common/util/error.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::net {
namespace {

namespace ip = boost::asio::ip;

constexpr std::size_t max_name = 253;  // RFC 1035, section 2.3.4, without the length bytes
constexpr std::size_t max_label = 63;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_label_character(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool is_label(std::string_view text) noexcept {
  return !text.empty() && text.size() <= max_label && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), is_label_character);
}

// "127.1" and "0x7f000001" would be taken for addresses by the resolver, and read otherwise by
// people.
bool looks_like_a_number(std::string_view label) noexcept {
  return std::all_of(label.begin(), label.end(), is_digit) || label.starts_with("0x") ||
         label.starts_with("0X");
}

bool is_name(std::string_view text) noexcept {
  if (text.size() > max_name) return false;
  std::string_view last;
  while (true) {
    const auto dot = text.find('.');
    last = text.substr(0, dot);
    if (!is_label(last)) return false;
    if (dot == std::string_view::npos) break;
    text.remove_prefix(dot + 1);
  }
  return !looks_like_a_number(last);
}

bool is_v4(std::string_view text) {
  boost::system::error_code ec;
  ip::make_address_v4(text, ec);
  return !ec;
}

bool is_v6(std::string_view text) {
  boost::system::error_code ec;
  ip::make_address_v6(text, ec);
  return !ec && text.find('%') == std::string_view::npos;
}

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw failure("\"" + printable(text) + "\" is no address: " + why,
                "Write HOST:PORT, for example 127.0.0.1:7460, clinic.example:7460 or [::1]:7460.");
}

}  // namespace

bool is_host(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return false;
  return is_v4(text) || is_v6(text) || is_name(text);
}

address parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) refuse(text, "the port is missing");
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);

  if (host.starts_with('[')) {
    if (!host.ends_with(']')) refuse(text, "the port is missing");
    host = host.substr(1, host.size() - 2);
    if (!is_host(host) || !is_v6(host)) refuse(text, "in brackets belongs an IPv6 address");
  } else if (host.find(':') != std::string_view::npos) {
    refuse(text, "an IPv6 address is written in brackets");
  } else if (host.empty()) {
    refuse(text, "the host is missing (0.0.0.0 or [::] is every address of this machine)");
  } else if (!is_host(host)) {
    refuse(text, "the host is neither a name nor an IPv4 address");
  }

  unsigned number = 0;
  const char* end = port.data() + port.size();
  const auto parsed = std::from_chars(port.data(), end, number);
  const bool is_number = parsed.ec == std::errc{} && parsed.ptr == end && port.size() <= 5;
  if (!is_number || number > 65'535) refuse(text, "the port is not a number from 0 to 65535");
  return {std::string(host), static_cast<std::uint16_t>(number)};
}

std::string address_text(const address& a) {
  const bool is_bracketed = a.host.find(':') != std::string::npos;
  return (is_bracketed ? "[" + a.host + "]" : a.host) + ":" + std::to_string(a.port);
}

std::string address_text(const tcp::endpoint& e) {
  return address_text(address{e.address().to_string(), e.port()});
}

std::string source_address(const tcp::endpoint& e) {
  if (e.address().is_v4()) return e.address().to_string();
  const auto v6 = e.address().to_v6();
  if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6).to_string();
  auto raw = v6.to_bytes();
  std::fill(raw.begin() + 8, raw.end(), static_cast<unsigned char>(0));
  return ip::address_v6(raw).to_string() + "/64";
}

}  // namespace wardline::net
