#pragma once

#include <filesystem>

#include "common/crypto/random.hpp"
#include "patient/config.hpp"

namespace wardline::patient {

/// `patient identity`: prints id, group and fingerprint, for the doctor to compare. Also while the
/// client runs. Makes the seed on first use.
int show_identity(const config& settings, const std::filesystem::path& directory,
                  crypto::random_source& random);

}  // namespace wardline::patient
