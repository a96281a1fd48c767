#pragma once

#include <filesystem>

#include "common/at_rest/sealed_keys.hpp"
#include "doctor/audit/log.hpp"
#include "doctor/records/amendments.hpp"
#include "doctor/records/blocks.hpp"
#include "doctor/records/inbox.hpp"
#include "doctor/records/invites.hpp"
#include "doctor/records/outbox.hpp"
#include "doctor/records/patients.hpp"
#include "doctor/records/tokens.hpp"

namespace wardline::doctor {

/// Everything of the doctor's that outlives a restart, in `DIR/doctor.db`; its sealed columns are
/// under the key in `DIR/store.key`. Throws store::error when the disk fails: then nothing of what
/// was asked has happened. Used from one thread.
class records {
 public:
  /// `directory` exists; `random` must outlive it. Throws `failure` with words if the key or the
  /// database is missing beside the other, damaged, newer than this program, or open to others.
  /// `keys` where the key is sealed by a passphrase.
  records(const std::filesystem::path& directory, crypto::random_source& random,
          const at_rest::unlocked_keys* keys = nullptr);
  records(const records&) = delete;
  records& operator=(const records&) = delete;

  /// The number of the group's last generation (0: none yet). Section 9: "Generation numbers are
  /// kept on disk and never used twice".
  std::uint32_t last_generation();
  /// On disk when it returns. Throws store::error (constraint) unless it is above the last one.
  void keep_generation(std::uint32_t number);

  /// For a transaction around several steps.
  store::database& database() { return db_; }

 private:
  void check_key(crypto::random_source& random);

  secret<32> store_key_;
  store::database db_;
  store::statement last_generation_, keep_generation_;

 public:
  doctor::patients patients;
  doctor::invites invites;
  doctor::blocks blocks;
  doctor::tokens tokens;
  doctor::outbox outbox;
  doctor::amendments amendments;
  doctor::inbox inbox;
  doctor::audit::log audit;
};

}  // namespace wardline::doctor
