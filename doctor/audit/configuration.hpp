#pragma once

#include <string>
#include <string_view>

#include "doctor/config.hpp"

namespace wardline::doctor::audit {

/// Of the mirror, in the data directory.
inline constexpr std::string_view mirror_name = "audit.jsonl";

/// The limits as they are in force, name=value, durations in seconds.
std::string text_of(const config& settings);

}  // namespace wardline::doctor::audit
