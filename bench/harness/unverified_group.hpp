#pragma once

#include <optional>

#include "common/crypto/identity.hpp"
#include "protocol/group/sealed_broadcast.hpp"
#include "protocol/message/group_key.hpp"
#include "protocol/wire/frame.hpp"

namespace wardline::bench {

/// What `protocol::patient_group` is to a patient, without the signature: keys, epochs and
/// ciphertext alone. Only for simulated patients, thousands of whom share one processor.
class unverified_group {
 public:
  explicit unverified_group(const crypto::short_fingerprint& doctor) : doctor_(doctor) {}

  /// errc::stale_epoch if it is behind what we have.
  result<void> install(protocol::group_key key);

  /// stale_epoch, invalid_tag, invalid_encoding.
  result<protocol::signed_broadcast> open(const protocol::frame& f);

 private:
  crypto::short_fingerprint doctor_;
  std::optional<protocol::group_key> key_;
};

}  // namespace wardline::bench
