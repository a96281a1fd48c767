#include "protocol/handshake/doctor_closing.hpp"

#include <utility>

namespace wardline::protocol::doctor_side {
namespace {

// Short, so that all who are busy do not come back together with the next wave; patients add their
// own jitter.
constexpr std::uint32_t busy_retry_after_s = 5;

// Fixed: what a peer is told must not depend on what it sent.
std::string_view text_of(disconnect_reason reason) {
  switch (reason) {
    case disconnect_reason::busy:
      return "busy, try again in a moment";
    case disconnect_reason::refused:
      return "refused";
    case disconnect_reason::clock_skew:
      return "our clocks differ";
    case disconnect_reason::token_refused:
      return "sign in anew";
    case disconnect_reason::protocol_error:
      return "protocol error";
    case disconnect_reason::not_admitted:
      return "not admitted";
    default:
      return {};
  }
}

}  // namespace

closing close_for(errc cause) { return close_for(cause, reason_for_peer(cause)); }

closing close_for(errc cause, disconnect_reason told) {
  closing c;
  c.cause = cause;
  c.notice.reason = told;
  c.notice.retry_after_s = told == disconnect_reason::busy ? busy_retry_after_s : 0;
  c.notice.text = text_of(told);
  return c;
}

closing concerning(closing c, const crypto::identity& who, const crypto::fingerprint& key) {
  c.key = key;
  c.id = who.id;
  return c;
}

}  // namespace wardline::protocol::doctor_side
