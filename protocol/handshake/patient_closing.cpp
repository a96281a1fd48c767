#include "protocol/handshake/patient_closing.hpp"

#include <limits>
#include <utility>

namespace wardline::protocol::patient_side {
namespace {

errc cause_of(disconnect_reason reason) noexcept {
  switch (reason) {
    case disconnect_reason::busy:
      return errc::busy;
    case disconnect_reason::refused:
    case disconnect_reason::not_admitted:
      return errc::refused;
    case disconnect_reason::clock_skew:
      return errc::clock_skew;
    case disconnect_reason::token_refused:
      return errc::token_refused;
    case disconnect_reason::protocol_error:
      return errc::protocol_error;
    case disconnect_reason::shutting_down:
      return errc::unavailable;
    case disconnect_reason::idle:
      return errc::timed_out;
    case disconnect_reason::goodbye:
    case disconnect_reason::session_over:
    case disconnect_reason::replaced:
      break;
  }
  // Section 9 has these for sessions; before one they only say that the doctor has gone. So does a
  // reason that is not listed.
  return errc::connection_lost;
}

}  // namespace

patient_closing close_for(errc cause) { return {cause, {}, {}, {}}; }

patient_closing close_because_of(errc cause, crypto::identity doctor) {
  return {cause, {}, std::move(doctor), {}};
}

patient_closing close_as_told(disconnect notice) {
  const auto cause = cause_of(notice.reason);
  return {cause, std::move(notice), {}, {}};
}

std::int64_t signed_difference(unix_ms a, unix_ms b) noexcept {
  constexpr auto most = static_cast<unix_ms>(std::numeric_limits<std::int64_t>::max());
  const auto size = static_cast<std::int64_t>(std::min(distance(a, b), most));
  return a < b ? -size : size;
}

}  // namespace wardline::protocol::patient_side
