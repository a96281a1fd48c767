#pragma once

#include <array>
#include <cstdint>

#include "common/store/migration.hpp"

namespace wardline::doctor::schema {

inline constexpr std::uint32_t application_id = 0x77646472;  // "wddr"

extern const std::array<store::migration, 2> migrations;

}  // namespace wardline::doctor::schema
