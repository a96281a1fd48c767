#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "common/crypto/identity.hpp"
#include "common/util/clock.hpp"
#include "protocol/handshake/resumption.hpp"
#include "protocol/message/disconnect.hpp"
#include "protocol/message/session_token.hpp"
#include "protocol/session/secure_channel.hpp"

namespace wardline::protocol {

struct patient_context {
  const crypto::own_identity& self;
  const clock& time;
  crypto::random_source& random;
  milliseconds window = default_window;
};

/// What the patient knows of its doctor. With the whole identity the hello round is skipped; with a
/// fingerprint alone (an invite, --doctor-fingerprint) the doctor is asked and must fit; with
/// neither, the person is asked.
struct known_doctor {
  std::optional<crypto::identity> identity;
  std::optional<crypto::fingerprint> pinned;
  std::optional<invite_secret> invite;
  std::optional<resumption_ticket> ticket;
};

/// Why a connection must end, as the patient sees it. `conflict`: the doctor's group is not that of
/// our identity, which has to be made anew in it ("patients use the group of the doctor that they
/// enrol with").
struct patient_closing {
  errc cause;
  std::optional<disconnect> notice;  ///< what the doctor said: unauthenticated, so only a hint
  std::optional<crypto::identity> offending_doctor;  ///< for wrong_doctor: who answered instead;
                                                     ///< for conflict: the doctor
  std::optional<std::int64_t> doctor_ahead_ms;       ///< for clock_skew: by how much, if known
};

/// Up: SESSION_TOKEN has opened.
struct patient_established {
  secure_channel channel;
  session_key sk;
  crypto::identity doctor;
  crypto::fingerprint doctor_key;
  session_token token;       ///< scopes, heartbeat
  resumption_ticket ticket;  ///< for the next time
  bool resumed;
};

/// What the owner must do now, in this order: send, then whichever of the others is there.
struct patient_step {
  std::vector<bytes> send;  ///< whole frames; with `close`, the DISCONNECT that goes before it
  std::optional<crypto::identity> ask_person;  ///< the unknown doctor's; answer by accept_doctor()
  std::optional<crypto::identity> doctor_pinned;  ///< it fits (or was accepted): keep it, on disk
  std::optional<seconds> waiting;                 ///< in the doctor's waiting room, for so long
  std::optional<patient_established> established;
  std::optional<patient_closing> close;
};

/// The patient's side of sections 6, 7 and 11, without I/O: frames in, steps out. Exponentiations
/// are done inside.
///
///     expect_identity -> (expect_person) -> expect_response -> (waiting) -> expect_token
///     expect_resume_response -> expect_token
///
/// After `established` or `close` it is finished. What does not fit the state, calls of the owner
/// included, closes with protocol_error. The context must outlive it.
class patient_handshake {
 public:
  /// The ticket is taken out of `doctor`: "The patient forgets RS when it uses it"; the owner must
  /// have deleted its copy on disk. One that has expired, or comes without the identity, is not
  /// used.
  patient_handshake(const patient_context& context, known_doctor doctor);
  patient_handshake(patient_handshake&&) noexcept;
  patient_handshake& operator=(patient_handshake&&) noexcept;
  ~patient_handshake();

  patient_step start();
  patient_step on_frame(const frame& f);

  /// The person says that this is their doctor.
  patient_step accept_doctor();

  /// "expect_start", "finished", or a state of the picture above.
  std::string_view state_name() const noexcept;

 private:
  struct machine;
  std::unique_ptr<machine> machine_;
};

}  // namespace wardline::protocol
