#pragma once

#include <string>
#include <string_view>

#include "common/util/text_encoding.hpp"
#include "protocol/constants.hpp"
#include "protocol/wire/codec.hpp"

namespace wardline::protocol {

/// Section 9. A number that is not listed is shown as it is and treated as `goodbye`.
enum class disconnect_reason : std::uint16_t {
  goodbye = 1,
  session_over = 2,
  busy = 3,
  refused = 4,
  clock_skew = 5,
  token_refused = 6,
  protocol_error = 7,
  replaced = 8,
  shutting_down = 9,
  not_admitted = 10,
  idle = 11,
};

std::string_view name(disconnect_reason reason) noexcept;

/// What a peer learns of a cause: almost nothing ("every authentication failure looks like this to
/// the peer; the audit has the cause").
disconnect_reason reason_for_peer(errc cause) noexcept;

/// u16 reason | u32 retry_after_s | opaque text<255>
struct disconnect {
  disconnect_reason reason;
  std::uint32_t retry_after_s;
  std::string text;

  template <class Self, class Codec>
  static void fields(Self& m, Codec& c) {
    auto reason = static_cast<std::uint16_t>(m.reason);
    c.u16(reason);
    if constexpr (!std::is_const_v<Self>) m.reason = static_cast<disconnect_reason>(reason);
    c.u32(m.retry_after_s);
    c.template opaque<max_disconnect_text>(m.text);
    c.require(is_utf8(as_bytes(m.text)));
  }
};

}  // namespace wardline::protocol
