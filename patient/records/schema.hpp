#pragma once

#include <array>
#include <cstdint>

#include "common/store/migration.hpp"

namespace wardline::patient {

/// Marks the file as ours: "WlPa".
inline constexpr std::uint32_t application_id = 0x576c5061;

extern const std::array<store::migration, 2> migrations;

}  // namespace wardline::patient
