#include "patient/wording.hpp"

#include "common/util/text_encoding.hpp"

namespace wardline::patient {

std::string_view name(protocol::priority p) noexcept {
  switch (p) {
    case protocol::priority::routine:
      return "routine";
    case protocol::priority::urgent:
      return "urgent";
    case protocol::priority::emergency:
      break;
  }
  return "emergency";
}

std::string_view name(protocol::content_type t) noexcept {
  switch (t) {
    case protocol::content_type::text:
      return "text";
    case protocol::content_type::vitals:
      return "vitals";
    case protocol::content_type::consultation_request:
      return "consultation_request";
    case protocol::content_type::consultation_answer:
      return "consultation_answer";
    case protocol::content_type::redelivered_broadcast:
      return "redelivered_broadcast";
    case protocol::content_type::correction:
      return "correction";
    case protocol::content_type::cancellation:
      break;
  }
  return "cancellation";
}

std::string_view kind_name(const inbox_message& m) noexcept {
  return m.is_broadcast ? "broadcast" : "direct";
}

std::string_view text_of(const protocol::content& c) noexcept { return c.text(); }

std::string id_text(const protocol::message_id& id) { return to_hex(id.view()); }

std::optional<protocol::message_id> id_from_text(std::string_view text) {
  const auto data = from_hex(text);
  return data ? protocol::message_id::from(*data) : std::nullopt;
}

}  // namespace wardline::patient
