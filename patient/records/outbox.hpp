#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/crypto/sealed_column.hpp"
#include "common/store/database.hpp"
#include "protocol/message/content.hpp"

namespace wardline::patient {

/// Section 9, of this patient's own messages.
enum class delivery_state { queued = 0, sent = 1, decrypted = 2, acknowledged = 3 };
std::string_view name(delivery_state state) noexcept;

struct outbox_message {
  std::int64_t number;  ///< grows with every message
  protocol::message_id id;
  bytes encoded_content;
  delivery_state state;
};

/// What this patient has written, sealed. "A patient's request that has no receipt is sent again
/// after the next sign-in."
class outbox {
 public:
  outbox(store::database& db, const secret<32>& store_key, crypto::random_source& random);

  /// On disk when it returns, `queued`.
  void accept(const std::string& doctor, const protocol::content& content);

  /// Without a receipt, with a number above `after`: oldest first.
  std::vector<outbox_message> unreceipted(const std::string& doctor, std::int64_t after,
                                          std::size_t limit);
  std::size_t count_unreceipted(const std::string& doctor);

  std::optional<outbox_message> find(const std::string& doctor, const protocol::message_id& id);

  /// True if that is further on than it was.
  bool advance(const std::string& doctor, const protocol::message_id& id, delivery_state state);

 private:
  outbox_message read(const store::row& r, const std::string& doctor);

  store::database& db_;
  crypto::sealed_column column_;
};

}  // namespace wardline::patient
