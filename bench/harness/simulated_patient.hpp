#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/harness/unverified_group.hpp"
#include "common/crypto/identity.hpp"
#include "common/util/clock.hpp"
#include "protocol/group/patient_group.hpp"
#include "protocol/handshake/patient_handshake.hpp"
#include "protocol/message/content.hpp"
#include "protocol/message/disconnect.hpp"
#include "protocol/session/secure_channel.hpp"
#include "protocol/session/session_keys.hpp"

namespace wardline::bench {

/// How a simulated patient signs in.
enum class sign_in_way { full, by_ticket };

/// Why a connection is over, as its patient knows it.
struct ending {
  errc cause;
  std::optional<protocol::disconnect_reason> told;  ///< what the doctor said
  bool in_session;

  std::string_view text() const { return told ? protocol::name(*told) : name(cause); }
};

/// What a simulated patient does about what has come.
struct reaction {
  bytes send;
  bool established = false;
  bool was_resumed = false;
  std::vector<protocol::message_id> decrypted;  ///< each message once
  bool owes_receipts = false;                   ///< which `answer` writes
  std::vector<protocol::message_id> receipted;  ///< messages of its own that the doctor has
  std::vector<errc> dropped;                    ///< messages that did not open
  std::optional<ending> ended;
};

/// One patient of the real protocol, without I/O: bytes in, bytes out. It keeps nothing on disk and
/// answers what it is asked: receipts for what it decrypts, checks.
class simulated_patient {
 public:
  /// `verifies`: it checks the signature of a broadcast before it takes it for decrypted, as a real
  /// patient does. What is referred to must outlive it.
  simulated_patient(crypto::own_identity self, bool verifies, const clock& time,
                    crypto::random_source& random);
  simulated_patient(const simulated_patient&) = delete;
  simulated_patient& operator=(const simulated_patient&) = delete;

  const crypto::identity& identity() const noexcept { return self_.public_part(); }
  bool has_ticket() const noexcept { return ticket_.has_value(); }
  bool is_in_session() const noexcept { return session_.has_value(); }

  /// Makes the first flight of a new connection, to be sent by the next `start`: what it costs to
  /// make need not be part of what is measured. Without a ticket the sign-in is a full one.
  void prepare(const crypto::identity& doctor, sign_in_way how);

  /// A new connection stands; what was prepared is sent, or made now.
  void start(const crypto::identity& doctor, sign_in_way how, reaction& out);

  /// Writes to the doctor, in a session. Once the gateway has it on disk it is receipted; until
  /// then the caller keeps it, to write it again after the next sign-in.
  void write(const protocol::content& what, reaction& out);

  void on_bytes(byte_view data, reaction& out);
  void on_closed(reaction& out);

  /// Writes the receipts for what was decrypted since the last time.
  void answer(reaction& out);

  /// Its connection is gone; the ticket stays.
  void forget_connection();

  /// From now on it takes part in nothing: no receipt, no answer to a check.
  void fall_silent() noexcept { is_silent_ = true; }

 private:
  struct session {
    session(protocol::patient_established&& up, bool verifies);

    protocol::secure_channel channel;
    protocol::receipt_key receipts;
    unverified_group group;
    std::optional<protocol::patient_group> verified;
    protocol::message_id last_message{};
    std::vector<std::pair<protocol::message_id, bytes>> owed;  // receipts: for which content
    std::map<protocol::message_id, bytes> written;  ///< in this session, without a receipt
  };

  void on_frame(const protocol::frame& f, reaction& out);
  void perform(protocol::patient_step step, reaction& out);
  void on_session_frame(const protocol::frame& f, reaction& out);
  result<void> on_broadcast(const protocol::frame& f, reaction& out);
  result<void> on_group_key(byte_view plaintext);
  result<void> on_direct(byte_view plaintext, reaction& out);
  result<void> on_check(byte_view plaintext, reaction& out);
  result<void> on_receipt(byte_view plaintext, reaction& out);
  void have(const protocol::content& content, byte_view encoded, reaction& out);
  void send(protocol::frame_type type, byte_view plaintext, reaction& out);

  crypto::own_identity self_;
  const bool verifies_;
  const protocol::patient_context context_;
  bool is_silent_ = false;
  std::optional<protocol::resumption_ticket> ticket_;
  std::optional<protocol::patient_handshake> handshake_;
  bytes first_flight_;
  std::optional<session> session_;
  bytes kept_;  // an unfinished frame
};

}  // namespace wardline::bench
