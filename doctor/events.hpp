#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/crypto/identity.hpp"
#include "common/util/clock.hpp"
#include "doctor/records/outbox.hpp"
#include "protocol/message/content.hpp"

/// What happens at the gateway, as its operator and the programs around it are told. `connection`
/// is the number of the connection that it happened on, counted since the gateway began; 0: none.
namespace wardline::doctor {

struct listening {
  std::string address;
  crypto::fingerprint fingerprint;
};

struct patient_authenticated {
  std::string id;
  crypto::fingerprint fingerprint;
  std::string address;
  bool resumed;
  bool enrolled_now;  ///< by an invite or from the waiting room
  std::uint64_t connection = 0;
};

struct patient_disconnected {
  std::string id;
  std::string reason;  ///< the name of a disconnect reason, or of an error
  std::uint64_t connection = 0;
};

struct waiting {
  std::string id;
  crypto::fingerprint fingerprint;
  std::string address;
  bool conflict;  ///< the id is enrolled with other keys
  std::uint64_t connection = 0;
};

struct waiting_ended {
  std::string id;
  crypto::fingerprint fingerprint;
  std::string reason;  ///< "admitted", "refused", "timed_out", "connection_lost"
  std::uint64_t connection = 0;
};

struct message_received {
  std::string from;
  protocol::content content;
};

struct delivery_changed {
  protocol::message_id message;
  std::string patient;
  delivery_state state;
  unix_ms at;
};

/// An urgent message or an emergency was accepted a while ago and is not confirmed: told once for
/// each patient, whether it was sent to them or they are away.
struct overdue {
  protocol::message_id message;
  protocol::priority priority;
  std::vector<std::string> patients;  ///< for whom it is overdue now
  std::size_t recipients;
  std::vector<std::string> missing;  ///< all who have not decrypted it
};

/// The operator has corrected or cancelled a message.
struct message_amended {
  protocol::message_id message;  ///< the original
  protocol::message_id by;
  bool is_cancelled;
  std::size_t recipients;
};

struct broadcast_sent {
  protocol::message_id message;
  std::size_t recipients;
  std::size_t present;
  std::vector<std::string> absent;  ///< the others, to whom it was not sent yet
};

/// The true cause, for the operator; the peer was told almost nothing.
struct sign_in_failed {
  std::string address;
  errc cause;
  std::string id;  ///< only if the peer has shown the id under a valid signature
  std::optional<crypto::fingerprint> fingerprint;
  std::uint64_t connection = 0;
};

struct key_blocked {
  std::string id;
  crypto::fingerprint fingerprint;
  std::string address;
  unix_ms until;
};

struct source_closed {
  std::string address;
  seconds duration;
};

struct frame_refused {
  std::string id;
  errc cause;
  std::string what;
  std::uint64_t connection = 0;
};

/// Something of this machine failed (a full disk, most likely).
struct trouble {
  std::string what;
};

/// Where /metrics and /healthz are.
struct metrics_listening {
  std::string address;
};

/// The configuration was read anew.
struct settings_reloaded {
  std::vector<std::string> changed;
  std::vector<std::string> needs_restart;  ///< these stay as they are until then
};

using event = std::variant<listening, patient_authenticated, patient_disconnected, waiting,
                           waiting_ended, message_received, delivery_changed, message_amended,
                           overdue, broadcast_sent, sign_in_failed, key_blocked, source_closed,
                           frame_refused, metrics_listening, settings_reloaded, trouble>;

/// The number of the connection that it happened on; 0: none.
std::uint64_t connection_of(const event& e) noexcept;

/// Hands every event to all who asked for them. For the I/O thread.
class event_hub {
 public:
  using handler = std::function<void(const event&)>;

  int subscribe(handler h);
  void unsubscribe(int subscription);
  void publish(const event& e);

 private:
  std::map<int, handler> handlers_;
  int next_ = 0;
};

}  // namespace wardline::doctor
