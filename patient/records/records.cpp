#include "patient/records/records.hpp"

#include "common/store/secret_file.hpp"
#include "patient/records/schema.hpp"

namespace wardline::patient {

namespace {

secret<32> load_key(const std::filesystem::path& directory, crypto::random_source& random,
                    const at_rest::unlocked_keys* sealed) {
  if (const auto* key = at_rest::sealed_one(directory, at_rest::store_key_name, sealed,
                                            &at_rest::unlocked_keys::store_key))
    return key->clone();
  return store::secret_file::load_or_create(directory / at_rest::store_key_name,
                                            [&random](byte_span out) { random.fill(out); });
}

}  // namespace

records::records(const std::filesystem::path& directory, const std::string& id,
                 crypto::random_source& random, const at_rest::unlocked_keys* sealed,
                 store::older_file how)
    : store_key_(load_key(directory, random, sealed)),
      db_(directory / "patient.db", application_id, migrations, how),
      doctors(db_),
      tickets(db_, store_key_, random),
      inbox(db_, store_key_, random),
      outbox(db_, store_key_, random) {
  claim(directory, id);
}

// One directory, one patient: with another id the same seed would be another identity, and the
// doctor would see a stranger.
void records::claim(const std::filesystem::path& directory, const std::string& id) {
  const auto owner = db_.prepare("SELECT id FROM self").first([](const store::row& r) {
    return r.get<std::string>(0);
  });
  if (!owner) {
    db_.prepare("INSERT INTO self (only, id) VALUES (1, ?)").bind(id).run();
  } else if (*owner != id) {
    throw failure("the data directory " + directory.string() + " belongs to the patient " + *owner,
                  "Use --id " + *owner + ", or another --data-dir for " + id + ".");
  }
}

}  // namespace wardline::patient
