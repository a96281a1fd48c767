#pragma once

#include <string>

#include "common/crypto/random.hpp"
#include "protocol/group/doctor_group.hpp"
#include "protocol/handshake/doctor_handshake.hpp"
#include "tests/protocol/handshake/fake_directory.hpp"
#include "tests/support/session_line.hpp"
#include "tests/support/shifted_clock.hpp"

namespace wardline::test {

/// One connection to a scripted doctor.
class doctor_visit : public session_line {
 public:
  using session_line::session_line;

  std::vector<bytes> sent;  ///< the frames of the handshake, as they went out
  std::optional<protocol::authenticated_patient> up;
  std::optional<protocol::closing> closed;

  bool is_up() const noexcept { return up.has_value(); }
  bool is_resumed() const noexcept {
    return is_up() && up->how == protocol::authenticated_patient::way::resumed;
  }
};

/// A broadcast that has its place in the group, whether or not it is ever sent.
struct prepared_broadcast {
  protocol::content content;
  protocol::broadcast_slot slot;
  protocol::sealed_broadcast sealed;
};

/// A doctor in the hands of a test: the machine of protocol/handshake behind a listening socket,
/// one connection at a time, who admits everybody, keeps its records in memory, and whose clock can
/// be off.
class scripted_doctor {
 public:
  /// In the group in which a patient without a doctor first shows up.
  scripted_doctor();

  const crypto::own_identity& self() const noexcept { return self_; }
  const protocol::doctor_context& context() const noexcept { return context_; }
  crypto::random_source& random() noexcept { return random_; }

  /// What a patient program needs to find it and to trust it.
  std::vector<std::string> directions() const;

  /// Awaits the next connection and says nothing.
  raw_peer accept_silently() { return listener_.accept(); }

  /// Awaits the next connection and serves it until the session stands, or it is over.
  doctor_visit accept(const meddler& meddle = {});

  /// Opens a generation with this patient in it and sends it the key.
  void give_group_key(doctor_visit& to);

  /// Takes the next place in the group.
  prepared_broadcast prepare(const std::string& text);

  /// The group's state after all that was prepared, as a check tells it.
  protocol::check state_of_group(std::uint64_t sequence) const;

  protocol::group_key group_key() const { return group_.current_key(); }

  shifted_clock time;
  fake_directory directory;
  std::vector<bytes> arrived;  ///< the frames of the last connection's handshake

 private:
  void begin_session(doctor_visit& visit, protocol::authenticated_patient&& patient,
                     const meddler& meddle);

  crypto::system_random random_;
  crypto::own_identity self_;
  protocol::nonce_cache nonces_{1000};
  protocol::announcer announcements_;
  protocol::doctor_context context_;
  protocol::doctor_group group_;
  std::uint32_t generation_ = 0;
  raw_listener listener_;
};

}  // namespace wardline::test
