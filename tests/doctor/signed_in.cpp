#include "tests/doctor/signed_in.hpp"

#include "tests/support/catch.hpp"

namespace wardline::test {
namespace {

// Knows one patient, by one token.
class one_token final : public protocol::doctor_directory {
 public:
  one_token(protocol::kept_token kept, bytes token)
      : kept_(std::move(kept)), token_(std::move(token)) {}

  errc admit_full_handshake() override { return errc::ok; }
  std::optional<crypto::identity> find_enrolled(const std::string&) override {
    return kept_.patient;
  }
  std::vector<protocol::open_invite> find_invites(const std::string&) override { return {}; }
  bool is_revoked(const crypto::fingerprint&) override { return false; }
  bool is_blocked_here(const crypto::fingerprint&) override { return false; }
  bool is_blocked(const crypto::fingerprint&) override { return false; }
  std::optional<protocol::kept_token> find_token(byte_view token) override {
    if (to_bytes(token) != token_) return std::nullopt;
    return protocol::kept_token{kept_.patient, kept_.secret.clone(), kept_.scopes, kept_.expires,
                                kept_.chain_began};
  }
  bool spend_token(byte_view) override { return true; }

 private:
  protocol::kept_token kept_;
  bytes token_;
};

protocol::frame parsed(const bytes& whole) {
  return protocol::decode_frame(whole, protocol::handshake_frame_limit).value();
}

}  // namespace

signed_in sign_in_by_token(const crypto::own_identity& doctor, const crypto::own_identity& patient,
                           const clock& time, crypto::random_source& random) {
  const auto rs = random.make_secret<32>();
  const bytes token(32, 0x7e);
  const auto never = time.now() + 1'000'000;
  one_token directory({patient.public_part(), rs.clone(), protocol::scope::all, never, time.now()},
                      token);
  protocol::nonce_cache nonces(16);
  protocol::announcer announcements(doctor, time, random);
  const protocol::doctor_context ours{doctor, time, random, nonces, announcements};
  protocol::doctor_handshake at_doctor(ours, directory);

  protocol::known_doctor known;
  known.identity = doctor.public_part();
  known.ticket = protocol::resumption_ticket{token, rs.clone(), never};
  const protocol::patient_context theirs{patient, time, random};
  protocol::patient_handshake at_patient(theirs, std::move(known));

  const auto request = at_patient.start();
  const auto response = at_doctor.on_frame(parsed(request.send.at(0)));
  const auto verifier = at_patient.on_frame(parsed(response.send.at(0)));
  auto done = at_doctor.on_frame(parsed(verifier.send.at(0)));
  REQUIRE(done.established);
  auto sk = done.established->sk.clone();
  return {std::move(*done.established), std::move(sk)};
}

}  // namespace wardline::test
