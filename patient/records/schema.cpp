#include "patient/records/schema.hpp"

#include "common/store/complete_schema.hpp"

namespace wardline::patient {
namespace {

// What a person writes or reads is in sealed columns.
constexpr std::string_view version_1 = R"sql(
CREATE TABLE self (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  id TEXT NOT NULL
) STRICT;

CREATE TABLE doctors (
  id TEXT PRIMARY KEY,
  identity BLOB NOT NULL,
  fingerprint BLOB NOT NULL UNIQUE,
  host TEXT,
  port INTEGER,
  pinned_at INTEGER NOT NULL,
  signed_in_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE tickets (
  doctor TEXT PRIMARY KEY REFERENCES doctors(id),
  ticket BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE inbox (
  number INTEGER PRIMARY KEY,
  doctor TEXT NOT NULL REFERENCES doctors(id),
  message_id BLOB NOT NULL,
  is_broadcast INTEGER NOT NULL,
  content BLOB NOT NULL,
  opened_at INTEGER NOT NULL,
  acknowledged_at INTEGER,
  doctor_knows INTEGER NOT NULL DEFAULT 0,
  refers_to BLOB,                              -- of a correction or cancellation: the original
  is_cancellation INTEGER NOT NULL DEFAULT 0,
  UNIQUE (doctor, message_id)
) STRICT;
CREATE INDEX unsent_acknowledgements ON inbox (doctor)
  WHERE acknowledged_at IS NOT NULL AND doctor_knows = 0;
CREATE INDEX amendments ON inbox (doctor, refers_to) WHERE refers_to IS NOT NULL;

CREATE TABLE outbox (
  number INTEGER PRIMARY KEY,
  doctor TEXT NOT NULL REFERENCES doctors(id),
  message_id BLOB NOT NULL UNIQUE,
  content BLOB NOT NULL,
  state INTEGER NOT NULL
) STRICT;
CREATE INDEX unreceipted ON outbox (doctor, number) WHERE state < 2;
)sql";

// In the beginning version 1 grew in place: a file that says 1 may have been made before there were
// corrections and cancellations.
void unite_version_1(store::database& db) {
  const std::array<store::grown_table, 1> grown{
      {{"inbox", {{"refers_to", "NULL"}, {"is_cancellation", "0"}}}}};
  store::complete_schema(db, version_1, grown);
}

}  // namespace

const std::array<store::migration, 2> migrations{{{version_1}, {"", unite_version_1}}};

}  // namespace wardline::patient
