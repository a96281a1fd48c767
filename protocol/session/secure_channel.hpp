#pragma once

#include "common/crypto/aead.hpp"
#include "protocol/constants.hpp"
#include "protocol/message/ids.hpp"
#include "protocol/session/session_keys.hpp"
#include "protocol/wire/frame.hpp"

namespace wardline::protocol {

/// Which end of the connection is ours.
enum class side { doctor, patient };

/// One direction's key and counter (section 8): body = AEAD(key, iv XOR counter, header, plaintext)
/// with a new key after 2^20 frames.
class direction {
 public:
  /// A key serves for `key_life` frames; another number than ours is for tests, which see many
  /// keys then.
  explicit direction(direction_keys keys, std::uint64_t key_life = frames_per_key);

  /// The whole frame.
  bytes seal(frame_type type, byte_view plaintext);

  /// errc::protocol_error for a frame that is not marked protected, errc::invalid_tag. After an
  /// error the connection must end: "A tag that fails ends the connection."
  result<secret_bytes> open(const frame& f);

 private:
  crypto::aes256_gcm::nonce next_nonce();

  direction_keys keys_;
  std::uint64_t key_life_;
  std::uint64_t counter_ = 0;
};

/// The protected frames of an established session, both directions.
class secure_channel {
 public:
  secure_channel(const session_key& sk, side own, std::uint64_t key_life = frames_per_key);

  bytes seal(frame_type type, byte_view plaintext) { return out_.seal(type, plaintext); }
  result<secret_bytes> open(const frame& f) { return in_.open(f); }

 private:
  direction out_;
  direction in_;
};

}  // namespace wardline::protocol
