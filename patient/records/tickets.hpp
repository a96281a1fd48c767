#pragma once

#include <optional>
#include <string>

#include "common/crypto/sealed_column.hpp"
#include "common/store/database.hpp"
#include "protocol/handshake/resumption.hpp"

namespace wardline::patient {

/// The resumption ticket of each doctor, sealed. "The patient forgets RS when it uses it": it can
/// only be taken out.
class tickets {
 public:
  tickets(store::database& db, const secret<32>& store_key, crypto::random_source& random);

  /// Replaces the one that is there.
  void keep(const std::string& doctor, const protocol::resumption_ticket& ticket);

  /// Deletes it, on disk, before returning it. Nothing if there is none, or one that does not open.
  std::optional<protocol::resumption_ticket> take(const std::string& doctor);

 private:
  store::database& db_;
  crypto::sealed_column column_;
};

}  // namespace wardline::patient
