#pragma once

#include <string>

#include "common/crypto/identity.hpp"
#include "common/net/address.hpp"
#include "doctor/records/records.hpp"

namespace wardline::doctor {

/// Makes an invite for `patient`, keeps it, and returns its text (section 6). It replaces an older
/// one for the same id. Throws `failure` with words for a bad id or address, a patient who is
/// enrolled already, or a validity outside 1 minute .. 365 days.
std::string make_invite(records& kept, const crypto::fingerprint& doctor,
                        const std::string& patient, seconds valid_for, const net::address& where,
                        const clock& time, crypto::random_source& random);

}  // namespace wardline::doctor
