#pragma once

#include <string>
#include <vector>

#include "common/crypto/sealed_column.hpp"
#include "common/store/database.hpp"
#include "protocol/message/content.hpp"

namespace wardline::doctor {

struct incoming {
  std::string from;
  unix_ms received;
  protocol::content content;
};

/// What patients have written. "Direct messages are receipted too, in both directions, once they
/// are on disk."
class inbox {
 public:
  inbox(store::database& db, const secret<32>& store_key, crypto::random_source& random);

  /// On disk when it returns. False if this patient's message is there already (a repetition: it is
  /// receipted again and not shown again).
  bool keep(const std::string& from, const protocol::content& content, unix_ms now);

  std::vector<incoming> recent(std::size_t limit);  ///< newest first

 private:
  store::database& db_;
  crypto::sealed_column content_;
  store::statement keep_, recent_;
};

}  // namespace wardline::doctor
