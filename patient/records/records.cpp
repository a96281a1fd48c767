#include "patient/records/records.hpp"

#include "common/store/secret_file.hpp"
#include "patient/records/schema.hpp"

namespace wardline::patient {

records::records(const std::filesystem::path& directory, const std::string& id,
                 crypto::random_source& random)
    : store_key_(store::secret_file::load_or_create(
          directory / "store.key", [&random](byte_span out) { random.fill(out); })),
      db_(directory / "patient.db", application_id, migrations),
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
