#include "doctor/records/columns.hpp"

namespace wardline::doctor::column {

crypto::identity identity(const store::database& db, const store::row& r, int at,
                          std::string_view patient_id) {
  auto who = crypto::decode_identity(r.get<byte_view>(at));
  if (!who || who->id != patient_id) {
    refuse(db, "the identity of " + std::string(patient_id) + " is not theirs or does not decode");
  }
  return std::move(*who);
}

void refuse(const store::database& db, const std::string& why) {
  throw store::error(store::error_kind::corrupt,
                     "the database " + db.file().string() + " is damaged: " + why,
                     "Restore the database and store.key, both from the same backup.");
}

secret_bytes open(const store::database& db, crypto::sealed_column& sealed, byte_view row_key,
                  byte_view cell, std::string_view what) {
  auto value = sealed.open(row_key, cell);
  if (!value) {
    refuse(db, std::string(what) +
                   " does not open (it was changed, moved, or sealed with another store.key)");
  }
  return std::move(*value);
}

}  // namespace wardline::doctor::column
