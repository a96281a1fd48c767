#pragma once

#include <string>
#include <string_view>

/// The names of what is audited (docs/operations.md says what each means).
namespace wardline::doctor::audit::event {

inline constexpr std::string_view gateway_started = "gateway_started";
inline constexpr std::string_view gateway_stopped = "gateway_stopped";
inline constexpr std::string_view configuration = "configuration";
inline constexpr std::string_view mirror_differs = "mirror_differs";

inline constexpr std::string_view signed_in = "signed_in";
inline constexpr std::string_view enrolled = "enrolled";
inline constexpr std::string_view sign_in_failed = "sign_in_failed";
inline constexpr std::string_view waiting = "waiting";
inline constexpr std::string_view waiting_ended = "waiting_ended";
inline constexpr std::string_view key_blocked = "key_blocked";
inline constexpr std::string_view source_closed = "source_closed";
inline constexpr std::string_view frame_refused = "frame_refused";

inline constexpr std::string_view invite_made = "invite_made";
inline constexpr std::string_view invite_withdrawn = "invite_withdrawn";
inline constexpr std::string_view invite_spent = "invite_spent";
inline constexpr std::string_view admitted = "admitted";
inline constexpr std::string_view refused = "refused";
inline constexpr std::string_view blocked = "blocked";
inline constexpr std::string_view unblocked = "unblocked";
inline constexpr std::string_view revoked = "revoked";
inline constexpr std::string_view disconnected = "disconnected";

inline constexpr std::string_view broadcast_accepted = "broadcast_accepted";
inline constexpr std::string_view message_accepted = "message_accepted";
inline constexpr std::string_view correction_accepted = "correction_accepted";
inline constexpr std::string_view cancellation_accepted = "cancellation_accepted";
inline constexpr std::string_view message_received = "message_received";
inline constexpr std::string_view overdue = "overdue";

inline constexpr std::string_view command_refused = "command_refused";
inline constexpr std::string_view passphrase = "passphrase";
inline constexpr std::string_view backup = "backup";
inline constexpr std::string_view restored = "restored";

inline constexpr std::string_view audit_read = "audit_read";
inline constexpr std::string_view audit_verified = "audit_verified";
inline constexpr std::string_view audit_exported = "audit_exported";

}  // namespace wardline::doctor::audit::event

namespace wardline::doctor::audit::actor {

inline constexpr std::string_view the_operator = "operator";
inline constexpr std::string_view gateway = "gateway";
inline constexpr std::string_view stranger = "stranger";

/// A colon is in no id, so no patient can be called the operator.
inline std::string patient(const std::string& id) { return "patient:" + id; }

}  // namespace wardline::doctor::audit::actor
