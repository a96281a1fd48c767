#pragma once

#include <string>
#include <vector>

#include "common/crypto/random.hpp"
#include "protocol/handshake/patient_handshake.hpp"
#include "protocol/message/content.hpp"
#include "tests/support/session_line.hpp"
#include "tests/support/shifted_clock.hpp"

namespace wardline::test {

/// One connection of a scripted patient, from its first frame on.
class patient_visit : public session_line {
 public:
  using session_line::session_line;

  std::vector<bytes> sent;      ///< the frames of the handshake, as they went out
  std::vector<bytes> received;  ///< and as they came
  std::optional<seconds> waiting;
  std::optional<protocol::patient_established> up;  ///< but for the channel and the ticket
  std::optional<protocol::patient_closing> closed;

  bool is_up() const noexcept { return up.has_value(); }

  /// The reason that the doctor gave; nothing if it gave none.
  std::optional<protocol::disconnect_reason> told() const;

  /// The frame of this type that was sent.
  const bytes& sent_frame(protocol::frame_type type) const;

  /// "decrypted", for a message that was sent in this session.
  void send_receipt(const protocol::content& original);
};

/// A patient in the hands of a test: the machine of protocol/handshake over a socket, with a clock
/// that can be off and a hand on every frame.
class scripted_patient {
 public:
  scripted_patient(std::string id, std::string_view group);

  struct manner {
    std::uint16_t port;
    std::string source = "127.0.0.1";
    std::string invite = {};  ///< the text; needed the first time, to know the doctor
    bool resume = false;      ///< by the ticket of the last session, which must be there
    meddler meddle = {};      ///< may do as it likes with each frame of the handshake
    int receive_buffer = 0;
  };

  /// Until the session stands, or the patient is in the waiting room, or the connection is over.
  patient_visit sign_in(const manner& how);

  const std::string& id() const noexcept { return self_.public_part().id; }
  const crypto::identity& self() const noexcept { return self_.public_part(); }
  shifted_clock time;
  std::optional<protocol::resumption_ticket> ticket;  ///< of the last session
  /// As no honest patient would have it: a ticket is forgotten when it is used.
  protocol::resumption_ticket copy_ticket() const;

  crypto::random_source& random() noexcept { return random_; }

 private:
  protocol::known_doctor doctor_to_visit(const manner& how);

  crypto::system_random random_;
  crypto::own_identity self_;
  std::optional<crypto::identity> doctor_;
};

}  // namespace wardline::test
