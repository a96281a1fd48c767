#pragma once

#include "protocol/handshake/doctor_open_request.hpp"

namespace wardline::protocol::doctor_side {

/// What follows from an answered request: the frame to send, and what its verifier must fit.
struct response {
  bytes frame;
  session_key sk;
  crypto::digest th4;
};

/// Section 6: the doctor's auth_response. Draws from the random source, in this order: rn_d (32
/// bytes), b (as `make_ephemeral`), the signature's 32 bytes.
class respond final : public computation {
 public:
  respond(const doctor_context& ours, const opened_request& request);

  void run() noexcept override;

  /// After `run`; unavailable if this machine failed.
  result<response>& outcome() noexcept { return outcome_; }

 private:
  result<response> make();

  const doctor_context& ours_;
  transcript th2_;
  crypto::pseudorandom_key ck1_;
  bytes e_;
  crypto::kem_public_key patient_;
  result<response> outcome_;
};

}  // namespace wardline::protocol::doctor_side
