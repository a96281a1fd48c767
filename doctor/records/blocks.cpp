#include "doctor/records/blocks.hpp"

#include "doctor/records/columns.hpp"

namespace wardline::doctor {
namespace {

// Section 6: "the third within an hour for the same key from the same source address".
constexpr std::int64_t wrong_verifiers_that_block = 3;
constexpr unix_ms hour = 3'600'000;

// What a patient can make the tables grow to, by coming from ever new addresses.
constexpr std::int64_t max_wrong_verifiers = 10'000;
constexpr std::int64_t max_blocks_by_address = 10'000;

constexpr unix_ms an_hour_before(unix_ms now) noexcept { return now > hour ? now - hour : 0; }

}  // namespace

blocks::blocks(store::database& db)
    : db_(db),
      // max() of a NULL is NULL: what is blocked for ever stays so.
      keep_(db.prepare("INSERT INTO blocks(key, patient, address, since, until)"
                       " VALUES(?, ?, ?, ?, ?) ON CONFLICT(key, address) DO UPDATE SET"
                       " patient = excluded.patient, since = excluded.since,"
                       " until = max(until, excluded.until)")),
      bound_(db.prepare("DELETE FROM blocks WHERE (key, address) IN"
                        " (SELECT key, address FROM blocks WHERE address <> ''"
                        " ORDER BY since DESC LIMIT -1 OFFSET ?)")),
      unblock_(db.prepare("DELETE FROM blocks WHERE key = ?")),
      is_blocked_(db.prepare("SELECT 1 FROM blocks WHERE key = ? AND address = ''")),
      is_blocked_at_(db.prepare("SELECT 1 FROM blocks WHERE key = ? AND address = ?"
                                " AND (until IS NULL OR until > ?)")),
      all_(db.prepare("SELECT key, patient, address, until FROM blocks"
                      " WHERE until IS NULL OR until > ? ORDER BY patient, key, address")),
      forget_expired_(db.prepare("DELETE FROM blocks WHERE until <= ?")),
      bound_wrong_(db.prepare("DELETE FROM wrong_verifiers WHERE number <="
                              " (SELECT max(number) FROM wrong_verifiers) - ?")),
      note_wrong_(db.prepare("INSERT INTO wrong_verifiers(key, address, at) VALUES(?, ?, ?)")),
      count_wrong_(db.prepare("SELECT count(*) FROM wrong_verifiers"
                              " WHERE key = ? AND address = ? AND at > ? AND at <= ?")),
      clear_wrong_(db.prepare("DELETE FROM wrong_verifiers WHERE key = ? AND address = ?")),
      forget_wrong_(db.prepare("DELETE FROM wrong_verifiers WHERE at <= ?")) {}

void blocks::keep(const crypto::fingerprint& key, const std::string& id, const std::string& address,
                  unix_ms now, unix_ms until) {
  keep_.bind(key, id, address, column::clamped(now), column::of_deadline(until)).run();
}

void blocks::block_by_operator(const crypto::fingerprint& key, const std::string& id, unix_ms now) {
  keep(key, id, "", now, UINT64_MAX);
}

bool blocks::unblock(const crypto::fingerprint& key) {
  unblock_.bind(key).run();
  return db_.changes() > 0;
}

bool blocks::is_blocked(const crypto::fingerprint& key) {
  return is_blocked_.bind(key).first([](const store::row&) { return true; }).has_value();
}

bool blocks::is_blocked_at(const crypto::fingerprint& key, const std::string& address,
                           unix_ms now) {
  return is_blocked_at_.bind(key, address, column::clamped(now))
      .first([](const store::row&) { return true; })
      .has_value();
}

bool blocks::note_wrong_verifier(const crypto::fingerprint& key, const std::string& id,
                                 const std::string& address, unix_ms now, unix_ms until) {
  store::transaction whole(db_);
  note_wrong_.bind(key, address, column::clamped(now)).run();
  bound_wrong_.bind(max_wrong_verifiers).run();
  const auto noted =
      count_wrong_.bind(key, address, column::clamped(an_hour_before(now)), column::clamped(now))
          .first([](const store::row& r) { return r.get<std::int64_t>(0); })
          .value();
  const bool is_third = noted >= wrong_verifiers_that_block;
  if (is_third) {
    keep(key, id, address, now, until);
    clear_wrong_.bind(key, address).run();  // after the block it takes three again
    bound_.bind(max_blocks_by_address).run();
  }
  whole.commit();
  return is_third;
}

std::vector<block> blocks::all(unix_ms now) {
  std::vector<block> out;
  all_.bind(column::clamped(now)).each([&](const store::row& r) {
    out.push_back({r.get<crypto::fingerprint>(0), r.get<std::string>(1), r.get<std::string>(2),
                   column::deadline(r, 3)});
  });
  return out;
}

void blocks::forget_expired(unix_ms now) {
  store::transaction whole(db_);
  forget_expired_.bind(column::clamped(now)).run();
  forget_wrong_.bind(column::clamped(an_hour_before(now))).run();
  whole.commit();
}

}  // namespace wardline::doctor
