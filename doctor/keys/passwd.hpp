#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/util/clock.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// `doctor passwd`: sets, changes or removes the passphrase over the doctor's keys, which are made
/// if there are none yet. The gateway must not be running. {"passphrase":"set"}, "changed" or
/// "removed"; audited. Throws `failure`; then nothing has changed.
nlohmann::ordered_json change_passphrase(const command_line& line, const passwd_command& what,
                                         const clock& time, crypto::random_source& random,
                                         const crypto::passphrase_box::cost& cost = {});

/// The same, of keys that lie in the clear, with a passphrase that is here already.
void set_passphrase(const command_line& line, const secret_bytes& passphrase, const clock& time,
                    crypto::random_source& random, const crypto::passphrase_box::cost& cost = {});

}  // namespace wardline::doctor
