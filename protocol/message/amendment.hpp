#pragma once

#include <string_view>

#include "common/util/bytes.hpp"
#include "protocol/message/ids.hpp"

namespace wardline::protocol {

/// The body of a correction or cancellation: opaque message_id[16] || UTF-8 text.
bytes amendment_body(const message_id& about, std::string_view text);

}  // namespace wardline::protocol
