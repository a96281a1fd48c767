#include "doctor/records/records.hpp"

#include "common/store/secret_file.hpp"
#include "doctor/records/columns.hpp"
#include "doctor/records/schema.hpp"

namespace wardline::doctor {
namespace {

constexpr std::string_view database_name = "doctor.db";

secret<32> load_key(const std::filesystem::path& directory, crypto::random_source& random,
                    const at_rest::unlocked_keys* keys) {
  if (const auto* sealed = at_rest::sealed_one(directory, at_rest::store_key_name, keys,
                                               &at_rest::unlocked_keys::store_key))
    return sealed->clone();
  const auto file = directory / at_rest::store_key_name;
  if (auto key = store::secret_file::load(file)) return std::move(*key);
  // The key is on the disk before the database is made, so it was there.
  std::error_code ignored;
  if (std::filesystem::exists(directory / database_name, ignored)) {
    throw failure(file.string() + " is missing: without it, what " + std::string(database_name) +
                      " keeps cannot be opened",
                  "Restore it from a backup, or move " + std::string(database_name) +
                      " away to begin with an empty one.");
  }
  return store::secret_file::load_or_create(file, [&](byte_span out) { random.fill(out); });
}

}  // namespace

records::records(const std::filesystem::path& directory, crypto::random_source& random,
                 const at_rest::unlocked_keys* keys)
    : store_key_(load_key(directory, random, keys)),
      db_(directory / database_name, schema::application_id, schema::migrations),
      last_generation_(db_.prepare("SELECT last_generation FROM gateway")),
      keep_generation_(db_.prepare("UPDATE gateway SET last_generation = ?1"
                                   " WHERE last_generation < ?1")),
      patients(db_),
      invites(db_, store_key_, random),
      blocks(db_),
      tokens(db_, store_key_),
      outbox(db_, store_key_, random),
      amendments(db_, outbox),
      inbox(db_, store_key_, random),
      audit(db_) {
  check_key(random);
}

void records::check_key(crypto::random_source& random) {
  crypto::sealed_column sealed(store_key_, "gateway", "key_check", random);
  const auto kept = db_.prepare("SELECT key_check FROM gateway").first([](const store::row& r) {
    return r.get<bytes>(0);
  });
  if (kept) {
    column::open(db_, sealed, {}, *kept, "its key check");
  } else {
    db_.prepare("INSERT INTO gateway(only_row, key_check, last_generation) VALUES(1, ?, 0)")
        .bind(sealed.seal({}, {}))
        .run();
  }
}

std::uint32_t records::last_generation() {
  return last_generation_.first([](const store::row& r) { return r.get<std::uint32_t>(0); })
      .value();
}

void records::keep_generation(std::uint32_t number) {
  keep_generation_.bind(number).run();
  if (db_.changes() == 0) {
    throw store::error(store::error_kind::constraint,
                       "generation " + std::to_string(number) + " of the group key is used up");
  }
}

}  // namespace wardline::doctor
