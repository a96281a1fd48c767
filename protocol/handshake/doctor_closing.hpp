#pragma once

#include "protocol/handshake/doctor_handshake.hpp"

namespace wardline::protocol::doctor_side {

/// Ends the connection: `cause` for the audit, and for the peer what `reason_for_peer` makes of it.
closing close_for(errc cause);

/// The same where the specification names another reason than the usual.
closing close_for(errc cause, disconnect_reason told);

/// Says whose key it was. Only for keys that were proved by a signature or a binder: an id that is
/// merely claimed never gets here.
closing concerning(closing c, const crypto::identity& who, const crypto::fingerprint& key);

}  // namespace wardline::protocol::doctor_side
