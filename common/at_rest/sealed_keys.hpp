#pragma once

#include <filesystem>

#include "common/crypto/identity.hpp"
#include "common/crypto/passphrase_box.hpp"
#include "common/util/secret.hpp"

/// The two secrets of a data directory, at rest: `DIR/identity.seed` and `DIR/store.key` in the
/// clear, or both in `DIR/keys.sealed` under a passphrase. Where there is a `keys.sealed`, it is
/// what counts: a seed or a key beside it is what a crash has left, and goes when they are next
/// opened. So the making and the removal of that one file is what changes between the two, at once.
/// All of it is done under the directory's lock, but for `are_sealed`, `unlock` and `note_of`.
namespace wardline::at_rest {

struct unlocked_keys {
  crypto::identity_seed identity_seed;
  secret<32> store_key;
};

bool are_sealed(const std::filesystem::path& directory);

/// Throws `failure` with words: a wrong passphrase, a file that is damaged or of a newer version.
unlocked_keys unlock(const std::filesystem::path& directory, byte_view passphrase);

/// What was noted beside them, readable without the passphrase: for people, since only opening
/// proves it.
bytes note_of(const std::filesystem::path& directory);

/// What lies in the clear. Throws `failure` if one of them is not there.
unlocked_keys keys_in_the_clear(const std::filesystem::path& directory);

/// Seals what is in the clear, or sealed under another passphrase. After a crash it has happened
/// or it has not. Throws `store::error`; then it has not.
void seal_keys(const std::filesystem::path& directory, const unlocked_keys& keys, byte_view note,
               byte_view passphrase, const crypto::passphrase_box::cost& cost,
               crypto::random_source& random);

/// The other way.
void lay_open_keys(const std::filesystem::path& directory, const unlocked_keys& keys);

/// Which secret to use for `DIR/NAME`: the one of `keys`, if the directory's are sealed; nothing if
/// they lie in the clear. Removes a copy in the clear that a crash has left. Throws `failure` if
/// they are sealed and `keys` is none, or if that copy is of something else.
const secret<32>* sealed_one(const std::filesystem::path& directory, std::string_view name,
                             const unlocked_keys* keys, secret<32> unlocked_keys::*which);

inline constexpr std::string_view seed_name = "identity.seed";
inline constexpr std::string_view store_key_name = "store.key";
inline constexpr std::string_view sealed_name = "keys.sealed";

}  // namespace wardline::at_rest
