#pragma once

#include <memory>
#include <mutex>

#include "protocol/handshake/doctor_handshake.hpp"
#include "protocol/handshake/patient_handshake.hpp"
#include "tests/protocol/handshake/fake_directory.hpp"
#include "tests/support/manual_clock.hpp"

namespace wardline::test {

/// Bytes that follow from a seed, so that a failing run can be run again.
class seeded_random final : public crypto::random_source {
 public:
  explicit seeded_random(byte seed) { seed_.writable()[0] = seed; }
  void fill(byte_span out) override;

 private:
  std::mutex mutex_;
  crypto::pseudorandom_key seed_;
  std::uint64_t drawn_ = 0;
};

/// Identities are costly in the groups of integers, and immutable: made once for each group.
struct people {
  explicit people(crypto::group_id group);
  crypto::own_identity doctor, other_doctor, patient, other_patient;
  crypto::own_identity imposter;  ///< the patient's id with other keys
};
const people& people_of(crypto::group_id group);

/// The token by which the patient of a clinic can come back.
inline const bytes first_token(32, 0x70);
protocol::resumption_secret first_token_secret();

protocol::invite_secret first_invite();

/// A doctor and a patient who is enrolled, in one place and time, with all they stand on.
struct clinic {
  static constexpr unix_ms opening = 1'790'000'000'000;

  explicit clinic(crypto::group_id group = crypto::group_id::ristretto255, byte seed = 1);

  const people& who;
  manual_clock time;
  seeded_random random;
  protocol::nonce_cache nonces{1000};
  protocol::announcer announcements;
  fake_directory directory;
  protocol::doctor_context doctors;
  protocol::patient_context patients;

  protocol::doctor_handshake new_doctor() { return {doctors, directory}; }
  /// The patient's end, which has pinned the doctor.
  protocol::patient_handshake new_patient(protocol::known_doctor doctor);
  protocol::known_doctor known() const;
  protocol::known_doctor known_by_fingerprint() const;
  /// `known` with the ticket that goes with `first_token`, which the directory is given too.
  protocol::known_doctor with_ticket();
};

/// `whole` as the frame that it must be.
protocol::frame as_frame(byte_view whole);

/// Runs what a step hands out and gives it back, until nothing is handed out: the step that a
/// doctor without a pool would see, with all that is to be sent.
protocol::doctor_step compute_through(protocol::doctor_handshake& doctor,
                                      protocol::doctor_step step);

}  // namespace wardline::test
