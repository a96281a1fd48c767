#pragma once

#include "common/store/database.hpp"
#include "common/util/clock.hpp"

namespace wardline::doctor {

/// True if somebody was sent a message at `since` or later whose receipt has not come yet.
bool has_receipts_under_way(store::database& db, unix_ms since);

}  // namespace wardline::doctor
