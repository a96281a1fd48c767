#pragma once

#include "protocol/handshake/patient_handshake.hpp"

namespace wardline::protocol::patient_side {

/// Ends the connection for a reason of our own.
patient_closing close_for(errc cause);

/// The same, because of this doctor.
patient_closing close_because_of(errc cause, crypto::identity doctor);

/// What a DISCONNECT before the session amounts to, the doctor's words kept.
patient_closing close_as_told(disconnect notice);

/// a - b, held at the bounds: both may be the peer's choice.
std::int64_t signed_difference(unix_ms a, unix_ms b) noexcept;

}  // namespace wardline::protocol::patient_side
