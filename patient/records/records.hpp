#pragma once

#include <filesystem>
#include <string>

#include "common/at_rest/sealed_keys.hpp"
#include "patient/records/doctors.hpp"
#include "patient/records/inbox.hpp"
#include "patient/records/outbox.hpp"
#include "patient/records/tickets.hpp"

namespace wardline::patient {

/// Everything of a patient's that outlives a restart but for the seed: `DIR/patient.db`, with the
/// key of its sealed columns in `DIR/store.key`. Throws `store::error` when the disk fails: then
/// nothing of what was asked has happened. Used from one thread.
class records {
 public:
  /// `directory` must exist. Throws `failure` if it belongs to another patient than `id`.
  /// `sealed` where the key is sealed by a passphrase.
  records(const std::filesystem::path& directory, const std::string& id,
          crypto::random_source& random, const at_rest::unlocked_keys* sealed = nullptr,
          store::older_file how = store::older_file::upgrade);

 private:
  void claim(const std::filesystem::path& directory, const std::string& id);

  secret<32> store_key_;
  store::database db_;

 public:
  patient::doctors doctors;
  patient::tickets tickets;
  patient::inbox inbox;
  patient::outbox outbox;
};

}  // namespace wardline::patient
