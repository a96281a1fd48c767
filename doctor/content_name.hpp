#pragma once

#include <optional>
#include <string_view>

#include "protocol/message/content.hpp"

/// The words for what section 8 numbers, on the command line, in JSON and in the menu.
namespace wardline::doctor {

/// "routine", "urgent" or "emergency".
std::string_view name(protocol::priority p) noexcept;
std::optional<protocol::priority> priority_named(std::string_view text) noexcept;

/// "text", "vitals", "consultation_request", "consultation_answer", "redelivered_broadcast",
/// "correction" or "cancellation".
std::string_view name(protocol::content_type type) noexcept;

}  // namespace wardline::doctor
