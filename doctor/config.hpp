#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "common/crypto/suite.hpp"
#include "common/net/address.hpp"
#include "common/util/clock.hpp"
#include "protocol/constants.hpp"

namespace wardline::at_rest {
struct unlocked_keys;
}

namespace wardline::doctor {

/// Section 10, all of it settable.
struct admission_limits {
  std::size_t connections = 1024;           ///< without a session, in all
  std::size_t connections_per_source = 32;  ///< without a session, for one source address
  double handshakes_per_second = 10;        ///< full ones, for one source address
  double handshake_burst = 50;
  std::size_t failures = 20;  ///< within failure_window, then the source is closed
  seconds failure_window{600};
  seconds close_for{900};
  std::size_t queue = 256;  ///< handshakes that wait for a crypto worker
};

/// Section 6: the waiting room.
struct waiting_limits {
  std::size_t places = 64;
  std::size_t places_per_source = 2;
  seconds time{600};
};

struct config {
  std::string id;
  std::filesystem::path data_directory;
  net::address listen{"127.0.0.1", 7460};
  std::optional<crypto::group_id> group;  ///< must be the identity's; ffdhe3072 if it is made now
  std::shared_ptr<const at_rest::unlocked_keys> keys;  ///< if they are sealed by a passphrase

  seconds clock_window{30};
  seconds handshake_deadline{10};
  seconds heartbeat{30};
  seconds token_lifetime{8 * 3600};
  seconds chain_lifetime{24 * 3600};
  seconds verifier_block{24 * 3600};
  seconds resend_after{30};  ///< since it was sent: an urgent message without a receipt goes again
  seconds overdue_after{120};        ///< since it was accepted: then it is overdue, sent or not
  std::filesystem::path on_overdue;  ///< the program that is told so; empty: none
  unsigned crypto_workers = 0;       ///< 0: as many as the machine has processors, less one
  std::size_t max_queued_bytes = std::size_t{1} << 20U;  ///< for one patient
  admission_limits admission;
  waiting_limits waiting;
};

}  // namespace wardline::doctor
