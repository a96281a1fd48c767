#include "protocol/message/invite.hpp"

#include <algorithm>

#include "common/util/text_encoding.hpp"

namespace wardline::protocol {

bool is_invite_host(std::string_view host) noexcept {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._:").find(c) != std::string_view::npos;
  });
}

std::string to_text(const invite& i) {
  return std::string(invite_prefix) + to_base64url(encode_secret(i).view());
}

result<invite> invite_from_text(std::string_view text) {
  if (!text.starts_with(invite_prefix)) return errc::invalid_encoding;
  auto decoded = from_base64url(text.substr(invite_prefix.size()));
  if (!decoded) return decoded.error();
  auto out = decode<invite>(*decoded);
  wipe(*decoded);
  return out;
}

}  // namespace wardline::protocol
