#include "protocol/message/disconnect.hpp"

namespace wardline::protocol {

std::string_view name(disconnect_reason reason) noexcept {
  switch (reason) {
    case disconnect_reason::goodbye:
      return "goodbye";
    case disconnect_reason::session_over:
      return "session_over";
    case disconnect_reason::busy:
      return "busy";
    case disconnect_reason::refused:
      return "refused";
    case disconnect_reason::clock_skew:
      return "clock_skew";
    case disconnect_reason::token_refused:
      return "token_refused";
    case disconnect_reason::protocol_error:
      return "protocol_error";
    case disconnect_reason::replaced:
      return "replaced";
    case disconnect_reason::shutting_down:
      return "shutting_down";
    case disconnect_reason::not_admitted:
      return "not_admitted";
    case disconnect_reason::idle:
      return "idle";
  }
  return "unknown";
}

disconnect_reason reason_for_peer(errc cause) noexcept {
  switch (cause) {
    case errc::ok:
      return disconnect_reason::goodbye;
    case errc::busy:
    case errc::unavailable:  // ours to mend: worth another try
      return disconnect_reason::busy;
    case errc::clock_skew:
      return disconnect_reason::clock_skew;
    case errc::token_refused:
      return disconnect_reason::token_refused;
    case errc::timed_out:
      return disconnect_reason::idle;
    case errc::protocol_error:
    case errc::invalid_encoding:
    case errc::too_large:
      return disconnect_reason::protocol_error;
    // "wrong_doctor, replayed, wrong_verifier and a malformed E or identity are told as refused",
    // and so is every way in which authentication fails.
    case errc::invalid_element:
    case errc::invalid_signature:
    case errc::invalid_tag:
    case errc::wrong_doctor:
    case errc::replayed:
    case errc::authentication_failed:
    case errc::refused:
    case errc::wrong_verifier:
    case errc::stale_epoch:
    case errc::wrong_proof:
    case errc::out_of_scope:
    case errc::connection_lost:
    case errc::not_found:
    case errc::conflict:
      break;
  }
  return disconnect_reason::refused;
}

}  // namespace wardline::protocol
