#pragma once

#include <filesystem>

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
  records(const std::filesystem::path& directory, crypto::random_source& random);

  /// The number of the group's last generation (0: none yet). Section 9: "Generation numbers are
  /// kept on disk and never used twice".
  std::uint32_t last_generation();
  void keep_generation(std::uint32_t number);

  store::database& database() { return db_; }

 private:
  secret<32> store_key_;
  store::database db_;
  crypto::sealed_columns sealed_;

 public:
  doctor::patients patients;
  doctor::invites invites;
  doctor::blocks blocks;
  doctor::tokens tokens;
  doctor::outbox outbox;
  doctor::inbox inbox;
};

}  // namespace wardline::doctor
