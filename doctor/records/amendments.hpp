#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/store/database.hpp"
#include "doctor/records/outbox.hpp"

namespace wardline::doctor {

/// A message that is to be corrected or cancelled: the original, never a correction of it, so that
/// whoever receives an amendment needs one reference.
struct amendable {
  protocol::message_id id;
  bool is_broadcast;
  bool include_new;
  unix_ms created;  ///< of the latest of original and corrections
  unix_ms expires;
  protocol::priority priority;
  bool is_cancelled;
};

/// What an amendment has done to the ledger.
struct amended {
  std::vector<std::string> recipients;          ///< who is to be sent it
  std::vector<std::string> unreachable;         ///< who was revoked, and cannot be told
  std::vector<outbox::undelivered> superseded;  ///< what is sent no more
};

/// Corrections and cancellations, as rows of the outbox: each takes the place of what it is about
/// in one transaction, so that nobody is sent both from then on.
class amendments {
 public:
  amendments(store::database& db, doctor::outbox& messages);

  /// What the message `id` belongs to; nothing if there is no such message.
  std::optional<amendable> find(const protocol::message_id& id);

  /// One transaction: what was pending of the original and of its corrections is `expired` and sent
  /// no more, and the amendment is there with a row for each of its recipients. A correction goes
  /// to all recipients of the original. A cancellation goes to whom something of it was sent, and
  /// to whom nothing was sent only if `queued_too`: it may have been, unrecorded.
  amended accept(const outgoing& amendment, const amendable& original, bool queued_too);

  /// True if the message was accepted before this file was opened: whether what is `queued` was
  /// sent is not known for certain then, for the program may have ended between the one and the
  /// other.
  bool is_of_an_earlier_run(const protocol::message_id& id);

 private:
  struct concerned {
    std::string patient;
    bool was_sent;
    bool is_reachable;
  };
  std::vector<concerned> all_concerned(std::int64_t original);
  std::int64_t number_of(const protocol::message_id& id);

  store::database& db_;
  doctor::outbox& outbox_;
  store::statement root_, concerned_, is_cancelled_, supersede_deliveries_, supersede_messages_;
  store::statement refer_, cannot_reach_, latest_, end_, number_;
  std::int64_t last_of_earlier_;
};

}  // namespace wardline::doctor
