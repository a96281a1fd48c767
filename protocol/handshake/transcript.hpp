#pragma once

#include <optional>

#include "common/crypto/identity.hpp"
#include "protocol/message/ids.hpp"

/// The key schedule of section 6, each formula once, for both ends.
namespace wardline::protocol {

/// th0 .. th4: a running hash in which each value covers the one before.
class transcript {
 public:
  /// th0 = H("handshake" || Identity_D)
  explicit transcript(byte_view encoded_doctor);

  /// th1 and th3: H(th || header || the fields before the sealed part)
  void add_fields(byte_view header, byte_view fields);

  /// th2 and th4: H(th || plaintext)
  void add_plaintext(byte_view plaintext);

  const crypto::digest& value() const noexcept { return value_; }

 private:
  crypto::digest value_;
};

/// ck1 = Extract("handshake", enc(dh(a, y_kem_D)))
crypto::pseudorandom_key first_chaining_key(const crypto::shared_secret& dh);
/// ck2 = Extract(ck1, dh), ck3 = Extract(ck2, dh)
crypto::pseudorandom_key next_chaining_key(const crypto::pseudorandom_key& ck,
                                           const crypto::shared_secret& dh);

secret<32> derive_request_key(const crypto::pseudorandom_key& ck1, const crypto::digest& th1);
secret<32> derive_response_key(const crypto::pseudorandom_key& ck3, const crypto::digest& th3);
secret<32> derive_waiting_key(const crypto::pseudorandom_key& ck1, const crypto::digest& th2);
session_key derive_session_key(const crypto::pseudorandom_key& ck3, const crypto::digest& th4);

/// HMAC(invite secret, "invite" || th1 || Identity_P)
crypto::digest invite_proof(const invite_secret& secret, const crypto::digest& th1,
                            byte_view encoded_patient);

/// AEAD with nonce 0 and the transcript as aad: each of these keys seals one message, once.
bytes seal_once(const secret<32>& key, const crypto::digest& aad, byte_view plaintext);
result<secret_bytes> open_once(const secret<32>& key, const crypto::digest& aad, byte_view sealed);

}  // namespace wardline::protocol
