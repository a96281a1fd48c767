#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "common/at_rest/sealed_keys.hpp"
#include "common/util/secret.hpp"

namespace wardline::at_rest {

/// Where passphrases come from: a descriptor, else the file that WARDLINE_PASSPHRASE_FILE names
/// (ours, 0600), else the credential "passphrase" that systemd has loaded ($CREDENTIALS_DIRECTORY),
/// else the terminal that standard input is.
struct passphrase_options {
  std::optional<int> descriptor;
  std::optional<int> fresh_descriptor;  ///< of a new passphrase
  bool may_ask = true;
};

/// The one that is in force. Throws `failure` if there is no source, or it has none.
secret_bytes present_passphrase(const passphrase_options& from);

/// A new one, asked twice at a terminal. `sources_are_free`: there is none in force, so that the
/// sources above can be meant for nothing else.
secret_bytes new_passphrase(const passphrase_options& from, bool sources_are_free);

/// The keys of `directory`; nothing if they lie in the clear or are not made yet.
std::shared_ptr<const unlocked_keys> unlock_if_sealed(const std::filesystem::path& directory,
                                                      const passphrase_options& from);

}  // namespace wardline::at_rest
