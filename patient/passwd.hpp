#pragma once

#include <filesystem>

#include "common/crypto/passphrase_box.hpp"
#include "patient/config.hpp"

namespace wardline::patient {

/// `patient passwd`: sets, changes or removes the passphrase over the patient's keys, which are
/// made if there are none yet. The program must not be running on `directory`. "set", "changed" or
/// "removed". Throws `failure`; then nothing has changed.
std::string change_passphrase(const config& settings, const std::filesystem::path& directory,
                              crypto::random_source& random,
                              const crypto::passphrase_box::cost& cost = {});

/// The command: does it and prints what came of it; the exit status.
int run_passwd(const config& settings, const std::filesystem::path& directory,
               crypto::random_source& random);

}  // namespace wardline::patient
