#pragma once

#include <memory>

#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "doctor/audit/log.hpp"
#include "doctor/command_line.hpp"

namespace wardline::doctor {

/// The audit log of a data directory, for a command: of a gateway that runs (which makes the
/// records, while the log is read from the database itself, as SQLite lets several do), or of one
/// that does not.
class audit_keeper {
 public:
  virtual ~audit_keeper() = default;

  virtual const crypto::identity& doctor() const = 0;

  /// For reading alone, as it was when `verify` or `find` was called.
  virtual audit::log& log() = 0;

  /// Makes this record, which is on disk when it returns: its number. Throws `failure`; then
  /// whatever was to be done must not happen.
  virtual std::uint64_t record(const control::request& act) = 0;
};

/// Throws `failure` if there is no log, or the gateway can neither be spoken to nor is away.
std::unique_ptr<audit_keeper> open_audit(const command_line& line, const clock& time,
                                         crypto::random_source& random);

}  // namespace wardline::doctor
