#pragma once

#include "common/util/bytes.hpp"

namespace wardline::crypto {

/// True if both hold the same bytes, in time that depends on the lengths alone.
bool equal_in_constant_time(byte_view a, byte_view b) noexcept;

}  // namespace wardline::crypto
