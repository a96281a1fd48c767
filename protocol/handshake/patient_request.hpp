#pragma once

#include "protocol/handshake/patient_handshake.hpp"
#include "protocol/handshake/transcript.hpp"

namespace wardline::protocol::patient_side {

/// What an auth_request on its way leaves with the patient, until the answer comes.
struct request_sent {
  crypto::identity doctor;
  crypto::kem_private_key a;
  crypto::pseudorandom_key ck1;
  transcript th2;
};

struct made_request {
  bytes frame;
  request_sent sent;
};

/// Section 6: auth_request to `doctor`, whose keys are pinned, with an invite's proof if there is
/// an invite. invalid_element if the doctor's key yields no shared secret. Draws from the random
/// source, in this order: rn_p (32 bytes), a (as `make_ephemeral`), the signature's 32 bytes.
result<made_request> make_auth_request(const patient_context& ours, const crypto::identity& doctor,
                                       const std::optional<invite_secret>& invite);

}  // namespace wardline::protocol::patient_side
