#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/at_rest/sealed_keys.hpp"
#include "common/crypto/identity.hpp"

namespace wardline::doctor {

/// The doctor's identity in the data directory: `identity.seed` (32 secret bytes) and
/// `identity.json` (id and group, so that neither can change by a slip of the command line). Made
/// on first use. `keys` where the seed is sealed by a passphrase. Throws `failure` if the directory
/// belongs to another id or group than asked for, or if the seed is sealed and there are no keys.
crypto::own_identity open_identity(const std::filesystem::path& directory, const std::string& id,
                                   std::optional<crypto::group_id> wanted,
                                   crypto::group_id otherwise, crypto::random_source& random,
                                   const at_rest::unlocked_keys* keys = nullptr);

/// The group of the identity that the directory has; nothing if it has none.
std::optional<crypto::group_id> group_of_identity(const std::filesystem::path& directory);

/// Throws `failure` as above if the directory has an identity and it is another than asked for.
void check_identity(const std::filesystem::path& directory, const std::string& id,
                    std::optional<crypto::group_id> wanted);

}  // namespace wardline::doctor
