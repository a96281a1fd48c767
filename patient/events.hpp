#pragma once

#include <optional>
#include <string>
#include <variant>

#include "common/crypto/identity.hpp"
#include "common/util/clock.hpp"
#include "patient/records/inbox.hpp"
#include "patient/records/outbox.hpp"

/// What happens at the patient's end, as the person or the program in front of it is told.
namespace wardline::patient {

struct connecting {
  std::string address;
};

struct connected {
  std::string address;
};

/// In the doctor's waiting room; the operator there compares our fingerprint.
struct waiting {
  seconds at_most;
  crypto::fingerprint own;
};

struct doctor_pinned {
  std::string doctor;
  crypto::fingerprint fingerprint;
};

struct authenticated {
  bool resumed;
  std::string doctor;
  crypto::fingerprint fingerprint;
};

/// For the first time with this doctor, who has just been pinned: what to begin with from now on.
struct enrolled {
  std::string patient;
  std::string doctor;
  std::string next_time;  ///< a command line
};

struct group_key_received {
  std::uint32_t generation;
  std::uint32_t ratchet;
};

struct message_received {
  inbox_message message;
  bool redelivered;
};

/// The person has acknowledged a message; `sent`: the doctor is told now, else with the next
/// session.
struct message_acknowledged {
  protocol::message_id message;
  bool sent;
};

/// Of a message of our own.
struct delivery_changed {
  protocol::message_id message;
  delivery_state state;
  unix_ms at;
};

/// The doctor has sent a broadcast that did not arrive; it has been asked for.
struct broadcast_missing {};
/// What was missing has come.
struct broadcasts_complete {};

struct disconnected {
  std::string reason;  ///< the name of a disconnect reason, or of an error
  std::string text;    ///< more about it, for people; may be a stranger's words
  std::optional<milliseconds> retry_in;
};

struct problem {
  errc error;
  std::string message;
  std::string hint;
};

using event =
    std::variant<connecting, connected, waiting, doctor_pinned, authenticated, enrolled,
                 group_key_received, message_received, message_acknowledged, delivery_changed,
                 broadcast_missing, broadcasts_complete, disconnected, problem>;

}  // namespace wardline::patient
