#pragma once

#include <string_view>

#include "common/util/clock.hpp"

namespace wardline::doctor::audit {

/// "2h", "7d": so long before `now`. "2026-11-21", "2026-11-21T14:30" or "2026-11-21 14:30:05":
/// that local time, as listings show it, or UTC with a "Z" behind it. Throws `failure` with words
/// if it is nothing of this.
unix_ms since_from(std::string_view text, unix_ms now);

}  // namespace wardline::doctor::audit
