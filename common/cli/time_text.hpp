#pragma once

#include <string>
#include <string_view>

#include "common/util/clock.hpp"

namespace wardline::cli {

/// A duration as people write it: a whole number with the unit s, m, h or d, or without for
/// seconds ("90", "30s", "10m", "24h", "7d"). Throws `failure` with words if it is not that or lies
/// outside `least` .. `most`.
seconds parse_duration(std::string_view text, seconds least, seconds most);

/// The two largest units that say anything: "7d", "1h 30m", "45s", "0s".
std::string duration_text(seconds d);

/// UTC with milliseconds, as in RFC 3339: "2026-03-14T09:26:53.589Z".
std::string utc_text(unix_ms t);

/// For a person: the local date and time to the second, "2026-03-14 10:26:53".
std::string local_text(unix_ms t);

}  // namespace wardline::cli
