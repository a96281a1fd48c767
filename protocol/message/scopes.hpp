#pragma once

#include <cstdint>

namespace wardline::protocol {

/// Section 8: what a session may do; checked by the doctor for every frame.
using scopes = std::uint32_t;

namespace scope {
inline constexpr scopes receive_broadcasts = 1U << 0U;
inline constexpr scopes send_text = 1U << 1U;
inline constexpr scopes send_vitals = 1U << 2U;
inline constexpr scopes request_consultation = 1U << 3U;
inline constexpr scopes all = 15;
}  // namespace scope

}  // namespace wardline::protocol
