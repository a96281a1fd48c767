#include "doctor/records/under_way.hpp"

#include "doctor/records/columns.hpp"

namespace wardline::doctor {

// State 1 is "sent". "state <= 1" is how the index of what is not confirmed is asked for: see
// outbox.cpp.
bool has_receipts_under_way(store::database& db, unix_ms since) {
  return db
      .prepare("SELECT 1 FROM deliveries WHERE state <= 1 AND state = 1 AND sent_at >= ? LIMIT 1")
      .bind(column::clamped(since))
      .first([](const store::row&) { return true; })
      .has_value();
}

}  // namespace wardline::doctor
