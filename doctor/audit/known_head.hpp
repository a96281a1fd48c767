#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "doctor/audit/record.hpp"

namespace wardline::doctor::audit {

/// "1234:" and 64 hexadecimal digits: how far a log went, for people to keep elsewhere.
std::string to_text(const head& h);
std::optional<head> known_head(std::string_view text);

}  // namespace wardline::doctor::audit
