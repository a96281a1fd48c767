#pragma once

#include <filesystem>

#include "common/crypto/random.hpp"
#include "patient/config.hpp"
#include "protocol/message/invite.hpp"

namespace wardline::patient {

/// Runs the client until it ends: signals, standard input, a console, one thread. Returns the exit
/// status; throws `failure` for what stands in the way at the start.
int run_client(const config& settings, const std::optional<protocol::invite>& invited,
               const std::filesystem::path& directory, const clock& time,
               crypto::random_source& random);

}  // namespace wardline::patient
