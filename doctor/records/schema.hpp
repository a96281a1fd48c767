#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wardline::doctor::schema {

inline constexpr std::uint32_t application_id = 0x77646472;  // "wddr"

extern const std::array<std::string_view, 1> migrations;

}  // namespace wardline::doctor::schema
