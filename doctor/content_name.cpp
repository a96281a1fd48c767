#include "doctor/content_name.hpp"

namespace wardline::doctor {

using protocol::content_type;
using protocol::priority;

std::string_view name(priority p) noexcept {
  switch (p) {
    case priority::routine:
      return "routine";
    case priority::urgent:
      return "urgent";
    case priority::emergency:
      return "emergency";
  }
  return "unknown";
}

std::optional<priority> priority_named(std::string_view text) noexcept {
  for (const auto p : {priority::routine, priority::urgent, priority::emergency})
    if (name(p) == text) return p;
  return std::nullopt;
}

std::string_view name(content_type type) noexcept {
  switch (type) {
    case content_type::text:
      return "text";
    case content_type::vitals:
      return "vitals";
    case content_type::consultation_request:
      return "consultation_request";
    case content_type::consultation_answer:
      return "consultation_answer";
    case content_type::redelivered_broadcast:
      return "redelivered_broadcast";
    case content_type::correction:
      return "correction";
    case content_type::cancellation:
      return "cancellation";
  }
  return "unknown";
}

}  // namespace wardline::doctor
