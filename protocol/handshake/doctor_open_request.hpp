#pragma once

#include "protocol/handshake/doctor_handshake.hpp"
#include "protocol/handshake/transcript.hpp"
#include "protocol/message/auth_request.hpp"

namespace wardline::protocol::doctor_side {

/// An auth_request whose sealed part has opened and whose signature verifies under the keys shown.
/// Only `open_request` makes one.
struct opened_request {
  crypto::identity who;
  crypto::fingerprint key;
  bytes invite_proof;  ///< empty, or 32 bytes
  crypto::digest th1;  ///< what the invite proof covers
  transcript th2;
  crypto::pseudorandom_key ck1;
  bytes e;

 private:
  friend class open_request;
  opened_request(crypto::identity patient, bytes proof, const crypto::digest& th1_value,
                 const transcript& after_plain1, crypto::pseudorandom_key ck, bytes ephemeral);
};

/// Section 6, steps 2 to 4 of the doctor's checks: the first that cost exponentiations.
class open_request final : public computation {
 public:
  /// `th1` is that of the request; `screened_at` when steps 1 were passed.
  open_request(const doctor_context& ours, auth_request request, const transcript& th1,
               unix_ms screened_at);

  void run() noexcept override;

  /// After `run`. invalid_element, invalid_encoding, invalid_signature, authentication_failed,
  /// replayed; unavailable if this machine failed.
  result<opened_request>& outcome() noexcept { return outcome_; }

 private:
  result<opened_request> open();

  const doctor_context& ours_;
  auth_request request_;
  transcript th1_;
  unix_ms screened_at_;
  result<opened_request> outcome_;
};

}  // namespace wardline::protocol::doctor_side
