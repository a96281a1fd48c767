#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/crypto/sealed_column.hpp"
#include "common/store/database.hpp"
#include "protocol/message/broadcast.hpp"
#include "protocol/message/receipt.hpp"

namespace wardline::doctor {

/// Section 9: per patient and message.
enum class delivery_state : std::uint8_t {  // the numbers are on disk
  queued = 0,
  sent = 1,
  decrypted = 2,
  acknowledged = 3,
  expired = 4,
  unreachable = 5,
};
std::string_view name(delivery_state state) noexcept;

/// A message of the doctor's, as it is kept.
struct outgoing {
  protocol::content content;
  bytes encoded_content;
  bool is_broadcast;
  /// Of a broadcast: what makes it fit for redelivery, with the signature.
  std::optional<protocol::broadcast_position> position;
  bytes signature;
};

struct delivery {
  std::string patient_id;
  delivery_state state;
  std::optional<unix_ms> sent_at;
  std::optional<unix_ms> decrypted_at;
  std::optional<unix_ms> acknowledged_at;
  std::optional<unix_ms> overdue_at = {};
};

struct message_summary {
  protocol::message_id id;
  bool is_broadcast;
  unix_ms created;
  unix_ms expires;
  protocol::priority priority;
  std::string text;  ///< empty unless it is text; of an amendment, what it says
  std::vector<delivery> deliveries;
  std::optional<protocol::message_id> corrects = {};      ///< the original
  std::optional<protocol::message_id> cancels = {};       ///< likewise
  std::optional<protocol::message_id> corrected_by = {};  ///< the latest of later corrections
  std::optional<protocol::message_id> cancelled_by = {};
};

struct receipt_record {
  protocol::message_id message;
  std::string patient_id;
  protocol::receipt_state state;
  unix_ms at;
};

/// Who has got what: every message of the doctor's with a row for each recipient. A message is on
/// disk before anyone is told of it, a receipt before it is shown.
///
/// A broadcast is accepted with a list of its recipients. The rows are written behind its bytes
/// (`sent_out`), since thousands of them would hold it up. If the program ends or the disk refuses
/// between the two, they are written, `queued`, before anything looks at rows.
class outbox {
 public:
  outbox(store::database& db, const secret<32>& store_key, crypto::random_source& random);

  /// One transaction: the message, accepted at `created`, and for whom it is; a direct message has
  /// its `queued` row at once. `include_new`: who is enrolled later is a recipient, too
  /// (`include`).
  void accept(const outgoing& message, const std::vector<std::string>& recipients,
              bool include_new = false);

  /// A broadcast was written to `sent_to` (in order), some of its recipients: the rows of all of
  /// them, in one transaction.
  void sent_out(const outgoing& message, const std::vector<std::string>& recipients,
                const std::vector<std::string>& sent_to, unix_ms now);

  /// Writes the rows that broadcasts still lack; nothing, if none does.
  void complete();

  /// A patient was enrolled: a `queued` row for each message that is for newcomers, too, and still
  /// holds.
  void include(const std::string& patient_id, unix_ms now);

  std::optional<outgoing> find(const protocol::message_id& id);

  /// What `patient_id` has yet to decrypt, oldest first, expired messages left out. At most
  /// `limit`.
  std::vector<protocol::message_id> pending(const std::string& patient_id, unix_ms now,
                                            std::size_t limit);

  /// queued -> sent, for all of them in one transaction; states further on stay, and so does the
  /// time of the first sending.
  void sent(const protocol::message_id& id, const std::vector<std::string>& patient_ids,
            unix_ms now);

  /// Records receipts in one transaction; one for an expired message counts, it came after all.
  /// Returns those that changed something (a repeated receipt, or `decrypted` after `acknowledged`,
  /// does not).
  std::vector<receipt_record> receipts(const std::vector<receipt_record>& batch);

  /// True if the message was meant for this patient.
  bool is_recipient(const protocol::message_id& id, const std::string& patient_id);

  struct undelivered {
    protocol::message_id message;
    std::string patient_id;
  };

  /// Marks what has expired undelivered; returns whose rows these were.
  std::vector<undelivered> expire(unix_ms now);

  /// Urgent messages and emergencies that were sent at `sent_before` or earlier, whose receipt has
  /// not come, and that were not sent again for that reason.
  std::vector<undelivered> unconfirmed_since(unix_ms sent_before);
  void resent(const std::vector<undelivered>& which, unix_ms now);

  /// Urgent messages and emergencies that were accepted at `accepted_before` or earlier and are not
  /// decrypted become overdue, sent or not: each is returned once. Nothing is written if there is
  /// none: a database that takes no writing is asked for none without need.
  bool has_overdue(unix_ms accepted_before);
  std::vector<undelivered> take_overdue(unix_ms accepted_before, unix_ms now);

  /// How many messages are overdue for somebody who has not decrypted them yet.
  std::size_t overdue_messages();

  /// True as long as this patient has yet to decrypt it and may.
  bool is_pending(const protocol::message_id& id, const std::string& patient_id);

  /// True once nobody is sent it any more: it has expired, or another has taken its place.
  bool is_over(const protocol::message_id& id);

  std::vector<message_summary> recent(std::size_t limit);  ///< newest first
  /// Those of the last `limit` that are for this patient, each with that one delivery; newest
  /// first.
  std::vector<message_summary> recent_to(const std::string& patient_id, std::size_t limit);
  std::optional<message_summary> summary(const protocol::message_id& id);

  /// How many messages each patient has yet to decrypt.
  std::size_t unconfirmed(const std::string& patient_id);

 private:
  protocol::content decode(byte_view encoded, const protocol::message_id& id) const;
  bytes open(crypto::sealed_column& sealed, const protocol::message_id& id, byte_view cell);
  message_summary read_summary(const store::row& r, const std::string& only_to = {});
  void read_amendments(std::int64_t number, message_summary& out);
  void add_rows(const protocol::content& content, const std::vector<std::string>& recipients,
                const std::vector<std::string>& sent_to, unix_ms now);

  store::database& db_;
  crypto::sealed_column content_;
  crypto::sealed_column signature_;
  store::statement accept_, add_row_, lacking_rows_, has_rows_, number_, find_, pending_, sent_;
  store::statement decrypted_, acknowledged_, is_recipient_, unconfirmed_;
  store::statement have_expired_, expire_deliveries_, expire_messages_, is_pending_, is_over_;
  store::statement include_, unconfirmed_since_, resent_, has_overdue_, take_overdue_, overdue_;
  store::statement recent_, recent_to_, summary_, deliveries_, delivery_to_, amended_by_;
  bool may_lack_rows_ = true;  // some broadcast may, as after a crash
};

}  // namespace wardline::doctor
