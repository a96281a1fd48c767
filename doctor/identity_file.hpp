#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/crypto/identity.hpp"

namespace wardline::doctor {

/// The doctor's identity in the data directory: `identity.seed` (32 secret bytes) and
/// `identity.json` (id and group, so that neither can change by a slip of the command line). Made
/// on first use. Throws `failure` if the directory belongs to another id or group than asked for.
crypto::own_identity open_identity(const std::filesystem::path& directory, const std::string& id,
                                   std::optional<crypto::group_id> wanted,
                                   crypto::group_id otherwise, crypto::random_source& random);

/// Throws `failure` as above if the directory has an identity and it is another than asked for.
void check_identity(const std::filesystem::path& directory, const std::string& id,
                    std::optional<crypto::group_id> wanted);

}  // namespace wardline::doctor
