#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "patient/events.hpp"

/// The names of things, as both consoles show them.
namespace wardline::patient {

std::string_view name(protocol::priority p) noexcept;         ///< "routine", "urgent", "emergency"
std::string_view name(protocol::content_type t) noexcept;     ///< "text", "vitals", ...
std::string_view kind_name(const inbox_message& m) noexcept;  ///< "broadcast", "direct"

/// Empty for what is not text.
std::string_view text_of(const protocol::content& c) noexcept;

/// 32 hexadecimal characters.
std::string id_text(const protocol::message_id& id);
std::optional<protocol::message_id> id_from_text(std::string_view text);

}  // namespace wardline::patient
