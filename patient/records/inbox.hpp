#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/crypto/sealed_column.hpp"
#include "common/store/database.hpp"
#include "protocol/message/content.hpp"

namespace wardline::patient {

/// Where a message stands among those that are about the same: the doctor corrects and cancels by
/// further messages, and each of them may have come in any order, or not at all.
struct standing {
  /// Of an amendment: what it takes the place of, as far as that is here.
  std::optional<protocol::content> before;
  std::optional<protocol::message_id> corrected_by;  ///< the latest correction after it
  std::optional<protocol::message_id> cancelled_by;
  /// An amendment was here first: it was never shown, and is not to be.
  bool came_late = false;

  bool holds() const noexcept { return !corrected_by && !cancelled_by; }
};

/// A message of the doctor's, as it is kept.
struct inbox_message {
  protocol::content content;
  bool is_broadcast;
  unix_ms opened_at;
  std::optional<unix_ms> acknowledged_at;
  standing at = {};  ///< among its corrections, and its cancellation

  /// Its time had passed at `t`: shown all the same, and said so.
  bool expired_at(unix_ms t) const noexcept { return content.expires != 0 && content.expires < t; }
};

/// What doctors have written, sealed. A message is here before anybody is told that it came.
class inbox {
 public:
  inbox(store::database& db, const secret<32>& store_key, crypto::random_source& random);

  /// On disk when it returns. False if exactly this message is there already. errc::conflict if
  /// another content is there under its id: what was shown is not what would be receipted.
  result<bool> keep(const std::string& doctor, const protocol::content& content,
                    byte_view encoded_content, bool is_broadcast, unix_ms now);

  std::optional<inbox_message> find(const std::string& doctor, const protocol::message_id& id);

  /// The person has acknowledged it; the first time counts. False if there is no such message.
  bool acknowledge(const std::string& doctor, const protocol::message_id& id, unix_ms now);

  /// Acknowledged, and it is not known that the doctor knows: oldest first.
  std::vector<inbox_message> unsent_acknowledgements(const std::string& doctor, std::size_t limit);
  void doctor_knows(const std::string& doctor, const protocol::message_id& id);

  std::vector<inbox_message> recent(const std::string& doctor,
                                    std::size_t limit);  ///< newest first

 private:
  struct kept {
    std::int64_t number;
    inbox_message message;
  };
  kept read(const store::row& r, const std::string& doctor);
  inbox_message with_standing(kept&& m, const std::string& doctor);
  std::vector<inbox_message> with_standing(std::vector<kept>&& rows, const std::string& doctor);

  store::database& db_;
  crypto::sealed_column column_;
};

}  // namespace wardline::patient
