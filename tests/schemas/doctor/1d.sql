-- What version 1 was since "Expire messages, send urgent ones again, and raise an alarm".

CREATE TABLE gateway(
  only_row INTEGER PRIMARY KEY CHECK(only_row = 1),
  key_check BLOB NOT NULL,          -- sealed: opens only with the store.key of this file
  last_generation INTEGER NOT NULL, -- of the group key
  audit_number INTEGER NOT NULL DEFAULT 0,          -- of the last record of the audit log
  audit_hash BLOB NOT NULL DEFAULT (zeroblob(32))   -- and its hash
) STRICT;

CREATE TABLE patients(
  id TEXT NOT NULL PRIMARY KEY,
  identity BLOB NOT NULL,           -- section 3, encoded
  scopes INTEGER NOT NULL,
  enrolled_at INTEGER NOT NULL,
  last_seen INTEGER
) STRICT;

CREATE TABLE revoked_keys(
  key BLOB NOT NULL PRIMARY KEY CHECK(length(key) = 32),
  patient TEXT NOT NULL,            -- for people
  revoked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens(
  patient TEXT NOT NULL PRIMARY KEY REFERENCES patients(id) ON DELETE CASCADE,
  hash BLOB NOT NULL UNIQUE CHECK(length(hash) = 32),
  secret BLOB NOT NULL,             -- sealed under a key that only the token gives
  scopes INTEGER NOT NULL,
  expires INTEGER,
  chain_began INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE invites(
  patient TEXT NOT NULL PRIMARY KEY,
  secret BLOB NOT NULL,             -- sealed
  created INTEGER NOT NULL,
  expires INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE blocks(
  key BLOB NOT NULL CHECK(length(key) = 32),
  address TEXT NOT NULL,            -- empty: the operator's, wherever the key comes from
  patient TEXT NOT NULL,            -- for people
  since INTEGER NOT NULL,
  until INTEGER,
  PRIMARY KEY(key, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocks_by_address ON blocks(since) WHERE address <> '';

CREATE TABLE wrong_verifiers(
  number INTEGER PRIMARY KEY,
  key BLOB NOT NULL CHECK(length(key) = 32),
  address TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX wrong_verifiers_by_place ON wrong_verifiers(key, address, at);

CREATE TABLE messages(
  number INTEGER PRIMARY KEY,       -- in the order in which they were accepted
  id BLOB NOT NULL UNIQUE CHECK(length(id) = 16),
  is_broadcast INTEGER NOT NULL,
  expires INTEGER,
  is_over INTEGER NOT NULL DEFAULT 0,  -- it has expired and its deliveries say so
  include_new INTEGER NOT NULL DEFAULT 0,  -- also for patients who are enrolled later
  is_urgent INTEGER NOT NULL,       -- urgent or an emergency: told when it is not confirmed
  content BLOB NOT NULL,            -- sealed
  generation INTEGER,               -- of a broadcast, once it is sealed, with the next three
  ratchet INTEGER,
  seq INTEGER,
  signature BLOB                    -- sealed: with it, a guess at the text could be confirmed
) STRICT;
CREATE INDEX messages_unsealed ON messages(number)
  WHERE is_broadcast = 1 AND generation IS NULL;
CREATE INDEX messages_for_new ON messages(number) WHERE include_new = 1 AND is_over = 0;
CREATE INDEX messages_that_expire ON messages(expires) WHERE is_over = 0;

CREATE TABLE deliveries(
  message INTEGER NOT NULL REFERENCES messages(number),
  patient TEXT NOT NULL,
  state INTEGER NOT NULL,           -- delivery_state
  is_urgent INTEGER NOT NULL,       -- that of the message
  sent_at INTEGER,
  decrypted_at INTEGER,
  acknowledged_at INTEGER,
  resent_at INTEGER,                -- again, since no receipt came
  overdue_at INTEGER,               -- and somebody was told
  PRIMARY KEY(message, patient)
) STRICT, WITHOUT ROWID;
-- queued and sent: what has yet to be decrypted
CREATE INDEX deliveries_pending ON deliveries(patient, message) WHERE state <= 1;
CREATE INDEX deliveries_unconfirmed ON deliveries(sent_at)
  WHERE is_urgent = 1 AND state = 1 AND overdue_at IS NULL;

CREATE TABLE inbox(
  number INTEGER PRIMARY KEY,       -- in the order in which they came
  patient TEXT NOT NULL,
  id BLOB NOT NULL CHECK(length(id) = 16),
  received INTEGER NOT NULL,
  content BLOB NOT NULL,            -- sealed
  UNIQUE(patient, id)
) STRICT;

CREATE TABLE audit(
  number INTEGER PRIMARY KEY,       -- from 1 on, without a gap
  time INTEGER NOT NULL,
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  whom TEXT NOT NULL,
  source TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  result TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash BLOB NOT NULL CHECK(length(hash) = 32)
) STRICT;
-- Nothing of this program changes a record; a mistake in it shall not either.
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
  BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
  BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END;

CREATE TABLE audit_checkpoints(
  number INTEGER PRIMARY KEY,       -- of the record
  hash BLOB NOT NULL CHECK(length(hash) = 32),
  time INTEGER NOT NULL,
  signature BLOB NOT NULL
) STRICT;
