-- What version 1 was since "Keep a patient's records".

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
  UNIQUE (doctor, message_id)
) STRICT;
CREATE INDEX unsent_acknowledgements ON inbox (doctor)
  WHERE acknowledged_at IS NOT NULL AND doctor_knows = 0;

CREATE TABLE outbox (
  number INTEGER PRIMARY KEY,
  doctor TEXT NOT NULL REFERENCES doctors(id),
  message_id BLOB NOT NULL UNIQUE,
  content BLOB NOT NULL,
  state INTEGER NOT NULL
) STRICT;
CREATE INDEX unreceipted ON outbox (doctor, number) WHERE state < 2;
