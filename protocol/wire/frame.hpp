#pragma once

#include <optional>
#include <string_view>

#include "common/util/bytes.hpp"
#include "common/util/error.hpp"
#include "protocol/constants.hpp"

namespace wardline::protocol {

/// Section 5: opcode and kind together name a frame; the value is opcode << 8 | kind.
enum class frame_type : std::uint16_t {
  hello = 10 << 8 | 0,
  identity = 10 << 8 | 1,
  auth_request = 10 << 8 | 2,
  auth_response = 10 << 8 | 3,
  verifier = 10 << 8 | 4,
  resume_request = 10 << 8 | 5,
  resume_response = 10 << 8 | 6,
  waiting = 10 << 8 | 7,
  check = 10 << 8 | 8,
  session_token = 20 << 8 | 0,
  group_key = 30 << 8 | 0,
  direct = 40 << 8 | 0,
  broadcast = 40 << 8 | 1,
  receipt = 50 << 8 | 0,
  disconnect = 60 << 8 | 0,
};

/// "hello", "auth_request" and so on; "unknown" for a value that names no frame.
std::string_view name(frame_type type) noexcept;

using header_bytes = byte_array<header_size>;

/// The first eight bytes of a frame whose body has `body_size` bytes.
header_bytes make_header(frame_type type, bool is_protected, std::size_t body_size) noexcept;

/// One whole frame, header and all, as a view of somebody's buffer.
struct frame {
  frame_type type;
  bool is_protected;
  byte_view whole;

  byte_view header() const noexcept { return whole.first(header_size); }
  byte_view body() const noexcept { return whole.subspan(header_size); }
};

/// How many bytes, prefix included, the frame at the front of `data` takes; nothing while fewer
/// than four bytes are there. errc::protocol_error if the length is not 4 .. `limit`: known from
/// four bytes, before anything is allocated.
result<std::optional<std::size_t>> frame_size(byte_view data, std::uint32_t limit) noexcept;

/// `whole` must be exactly one frame. errc::protocol_error for an unknown version, opcode, kind or
/// flags, or a protected bit that does not belong: flags is exactly 1 for check, session_token,
/// group_key, direct and receipt, exactly 0 for the others, and either for disconnect.
result<frame> decode_frame(byte_view whole, std::uint32_t limit) noexcept;

/// An unprotected frame (or one with its own sealing), ready to send.
bytes encode_frame(frame_type type, byte_view body);

}  // namespace wardline::protocol
