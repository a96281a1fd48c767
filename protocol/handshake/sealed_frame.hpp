#pragma once

#include "common/crypto/aead.hpp"
#include "protocol/handshake/transcript.hpp"
#include "protocol/wire/frame.hpp"

namespace wardline::protocol {

/// auth_request and auth_response: fields in the clear, then the sealed part with its u16 length.
/// The header is known first, since the transcript under which the rest is sealed covers it
/// (section 6: "`header` in th1 and th3 has the frame's final length").
class sealed_frame {
 public:
  sealed_frame(frame_type type, byte_view fields, std::size_t plaintext_size);

  byte_view header() const noexcept { return header_; }

  /// The whole frame. `plaintext` must have the size announced.
  bytes seal(const secret<32>& key, const crypto::digest& aad, byte_view plaintext) const;

 private:
  std::size_t sealed_size_;
  header_bytes header_;
  bytes fields_;
};

}  // namespace wardline::protocol
