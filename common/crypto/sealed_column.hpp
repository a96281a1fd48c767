#pragma once

#include <string_view>

#include "common/crypto/aead.hpp"
#include "common/crypto/random.hpp"

namespace wardline::crypto {

/// One column of the store whose values are sealed at rest. A value opens only in the table, the
/// column and the row for which it was sealed: AES-256-GCM with
///
///     key   = Expand(store key, "wardline/1 store column" || table || column, 32)
///     nonce = 12 random bytes, kept in front of the ciphertext
///     aad   = table || column || row key
///
/// where each name and the row key is preceded by its length as a u32. Random nonces allow 2^32
/// values under one key (SP 800-38D, section 8.3). Not thread-safe.
class sealed_column {
 public:
  /// What sealing adds to a value, in bytes.
  static constexpr std::size_t overhead = aes256_gcm::nonce_size + aes256_gcm::tag_size;

  /// `random` must outlive it.
  sealed_column(const secret<32>& store_key, std::string_view table, std::string_view column,
                random_source& random);

  bytes seal(byte_view row_key, byte_view value);

  /// errc::invalid_tag if it was not sealed here for this row, or was changed.
  result<secret_bytes> open(byte_view row_key, byte_view sealed);

 private:
  random_source* random_;
  bytes place_;  // table || column
  aes256_gcm cipher_;
};

}  // namespace wardline::crypto
