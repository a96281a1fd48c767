#pragma once

#include <cstdint>

#include "common/crypto/random.hpp"
#include "common/util/bytes.hpp"
#include "common/util/error.hpp"
#include "common/util/secret.hpp"

/// A secret sealed by a passphrase:
///
///     "WLSEALED" | u8 version = 1 | u32 passes | u64 memory | salt[16] | u8 n | note[n]
///     | nonce[12] | AES-256-GCM ciphertext and tag
///
/// under the key Argon2id(passphrase, salt, passes, memory, one lane, 32 bytes) (RFC 9106; by
/// libsodium's crypto_pwhash). Everything before the nonce is the associated data. The note can be
/// read without the passphrase, but is known to be true only once the box has been opened.
namespace wardline::crypto::passphrase_box {

/// What one guess costs. By itself libsodium's MODERATE: about half a second of one core.
struct cost {
  std::uint32_t passes = 3;
  std::uint64_t memory = std::uint64_t{256} << 20U;  ///< bytes
};

/// A box that asks for more is not opened: it would only be there to exhaust this machine.
inline constexpr cost greatest_cost{16, std::uint64_t{512} << 20U};
inline constexpr std::size_t max_note = 255;

/// Throws `failure` if there is not enough memory.
bytes seal(byte_view passphrase, byte_view note, byte_view plaintext, const cost& c,
           random_source& random);

/// errc::invalid_encoding if it is no box, errc::protocol_error if it is of a newer version.
result<bytes> note_of(byte_view box);

/// As above, and errc::invalid_tag if the passphrase is another one or the box was changed. Throws
/// `failure` if there is not enough memory.
result<secret_bytes> open(byte_view passphrase, byte_view box);

}  // namespace wardline::crypto::passphrase_box
