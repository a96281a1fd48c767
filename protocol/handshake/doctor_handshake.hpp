#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "common/crypto/identity.hpp"
#include "common/util/clock.hpp"
#include "protocol/handshake/announcer.hpp"
#include "protocol/handshake/computation.hpp"
#include "protocol/handshake/doctor_directory.hpp"
#include "protocol/message/disconnect.hpp"
#include "protocol/session/nonce_cache.hpp"
#include "protocol/wire/frame.hpp"

namespace wardline::protocol {

namespace doctor_side {
struct expect_verifier;
}

/// What all handshakes of a doctor share. Must outlive them and their computations, which use the
/// clock, the random source, the nonces and the announcer from whatever thread they run on.
struct doctor_context {
  const crypto::own_identity& self;
  const clock& time;
  crypto::random_source& random;
  nonce_cache& nonces;
  announcer& announcements;
  milliseconds window = default_window;
  milliseconds waiting_time = default_waiting_time;
};

/// Proof that a verifier was accepted.
class verifier_accepted {
  friend struct doctor_side::expect_verifier;
  verifier_accepted() = default;
};

/// A patient who has proved everything: only an accepted verifier makes one. The owner looks once
/// more at revocation, blocks and (for `invited` and `admitted`) enrols, on disk, before it lets
/// anything else happen.
struct authenticated_patient {
  enum class way { enrolled, invited, admitted, resumed };

  crypto::identity who;
  crypto::fingerprint key;
  session_key sk;
  way how;
  std::optional<invite_secret> invite;  ///< the one that was proved, for `invited`
  protocol::scopes scopes;              ///< those of the token for `resumed`, else all
  unix_ms chain_began;                  ///< of the full handshake that this session descends from
  verifier_accepted proof;
};

/// A stranger with a valid signature: for the operator to look at.
struct stranger {
  crypto::identity who;
  crypto::fingerprint key;
  bool conflict;  ///< the id is enrolled with other keys: admitting replaces that patient's device
};

/// Why a connection must end: the true cause for the audit, and what the peer is told.
struct closing {
  errc cause;
  disconnect notice;                       ///< not sent for connection_lost: nobody is there
  std::optional<crypto::fingerprint> key;  ///< whose request it was, once a signature or a binder
                                           ///< has proved that the key was there
  std::string id;                          ///< the id that goes with `key`
  bool after_resumption = false;           ///< "After a resumption a wrong skv only ends ..."
  bool bad_binder = false;  ///< for token_refused: counts against the address (section 10); an
                            ///< unknown, expired or revoked token does not
};

/// What the owner must do now, in this order: send, then whichever one of the others is there.
struct doctor_step {
  std::vector<bytes> send;  ///< whole frames
  std::unique_ptr<computation> compute;
  std::optional<stranger> ask_operator;
  std::optional<authenticated_patient> established;
  std::optional<closing> close;
};

/// The doctor's side of sections 6, 7 and 11, without I/O: frames in, steps out.
///
///     expect_request -> (computing) -> (expect_operator) -> (computing) -> expect_verifier
///
/// While it is computing, no frame may be given to it (the owner reads none). After `established`
/// or `close` it is finished. What does not fit the state, calls of the owner included, closes with
/// protocol_error.
///
/// A computation owns all that it needs but for the context: the handshake may be destroyed while
/// one runs, and a computation may be destroyed without having run.
class doctor_handshake {
 public:
  doctor_handshake(const doctor_context& context, doctor_directory& directory);
  doctor_handshake(doctor_handshake&&) noexcept;
  doctor_handshake& operator=(doctor_handshake&&) noexcept;
  ~doctor_handshake();

  doctor_step on_frame(const frame& f);

  /// Takes back what `compute` handed out, after it has run.
  doctor_step computed(std::unique_ptr<computation> done);

  /// The operator's word on a stranger; refusing names the cause: refused and timed_out are told as
  /// not_admitted, others as usual. When the waiting room is full: refuse(errc::busy), and nothing
  /// of the step that asked is sent.
  doctor_step admit();
  doctor_step refuse(errc cause);

  /// "expect_request", "computing", "expect_operator", "expect_verifier" or "finished".
  std::string_view state_name() const noexcept;

 private:
  struct machine;
  std::unique_ptr<machine> machine_;
};

}  // namespace wardline::protocol
