#pragma once

#include <string>
#include <string_view>

#include "common/util/bytes.hpp"
#include "common/util/error.hpp"

namespace wardline {

/// Lower-case hexadecimal.
std::string to_hex(byte_view data);

/// Accepts both cases. errc::invalid_encoding for an odd length or another character.
result<bytes> from_hex(std::string_view text);

/// base64url without padding (RFC 4648, section 5).
std::string to_base64url(byte_view data);

/// Strict: no padding, no white space, and unused bits must be zero, so that each value has one
/// text. errc::invalid_encoding otherwise.
result<bytes> from_base64url(std::string_view text);

/// True if `data` is well-formed UTF-8 (RFC 3629: no over-long forms, no surrogates, at most
/// U+10FFFF).
bool is_utf8(byte_view data) noexcept;

/// `text` made safe to show on a terminal: control characters (C0 except the line feed and the
/// tab, DEL, C1, and the bidirectional overrides) and malformed bytes appear as U+FFFD.
std::string printable(std::string_view text);

}  // namespace wardline
