#pragma once

#include <string>

#include "protocol/handshake/doctor_handshake.hpp"
#include "protocol/handshake/patient_handshake.hpp"

namespace wardline::test {

/// Both ends of an established session, without a socket: what only an accepted verifier makes.
struct signed_in {
  protocol::authenticated_patient at_doctor;
  protocol::session_key sk;
};

/// `id` resumes with `doctor`: a sign-in without an exponentiation but those of its identity.
signed_in sign_in_by_token(const crypto::own_identity& doctor, const crypto::own_identity& patient,
                           const clock& time, crypto::random_source& random);

}  // namespace wardline::test
