#pragma once

#include <optional>
#include <string>

#include "common/crypto/identity.hpp"
#include "common/store/database.hpp"
#include "common/util/clock.hpp"

namespace wardline::patient {

/// A doctor whom this patient has pinned.
struct known {
  crypto::identity who;
  std::optional<std::string> host;  ///< where a sign-in last succeeded
  std::uint16_t port = 0;
  std::optional<unix_ms> signed_in_at;  ///< the last time; nothing: never, or not since we
                                        ///< were turned away
};

/// The known doctors. "A pinned doctor whose identity differs is refused, loudly, and never
/// replaced silently": there is no function that replaces one.
class doctors {
 public:
  explicit doctors(store::database& db) : db_(db) {}

  std::optional<known> find(const std::string& id);
  std::optional<known> find(const crypto::fingerprint& key);

  /// The one pinned last.
  std::optional<known> latest();

  /// Pins a doctor. Nothing happens if exactly this identity is pinned; errc::conflict if the id is
  /// pinned with another.
  result<void> pin(const crypto::identity& who, unix_ms now);

  void signed_in(const std::string& id, const std::string& host, std::uint16_t port, unix_ms now);

  /// The doctor has said, in a session, that we are to stay away.
  void turned_away(const std::string& id);

 private:
  store::database& db_;
};

}  // namespace wardline::patient
