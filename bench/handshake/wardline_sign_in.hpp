#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/handshake/one_patient_directory.hpp"
#include "bench/handshake/sign_in.hpp"
#include "protocol/handshake/doctor_handshake.hpp"
#include "protocol/handshake/patient_handshake.hpp"

namespace wardline::bench {

/// A doctor, the patient who is enrolled, and what a gateway keeps between sign-ins: the nonces,
/// the announcement and the tokens.
struct practice {
  /// `time` and `random` must outlive it.
  practice(crypto::group_id group, const clock& time, crypto::random_source& random);

  crypto::own_identity doctor;
  crypto::own_identity patient;
  one_patient_directory directory;
  protocol::nonce_cache nonces;
  protocol::announcer announcements;
  protocol::doctor_context doctors;
  protocol::patient_context patients;
};

/// Ours, sans I/O. Counted for the doctor: decoding frames, the machine, its computations, and
/// beginning the session: the channel, the next token, kept and sealed.
class wardline_method final : public sign_in_method {
 public:
  enum class way { full, resumed };

  /// `where` must outlive it.
  wardline_method(practice& where, way how) : where_(where), how_(how) {}

  std::string name() const override;
  /// A resumed one uses the token of the one before; the very first is preceded by a full one.
  std::unique_ptr<sign_in> begin() override;

  /// By which the next resumed sign-ins come back.
  std::vector<protocol::resumption_ticket> tickets;

 private:
  practice& where_;
  way how_;
};

}  // namespace wardline::bench
