#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "doctor/records/schema.hpp"
#include "tests/doctor/records/home.hpp"
#include "tests/support/released_schema.hpp"

namespace wardline::test {

/// What version 1 of the doctor's schema was, one after the other: tests/schemas/doctor.
inline constexpr std::array doctor_shapes{"1a", "1b", "1c", "1d", "1e", "1f", "1g"};

/// Records as an earlier version left them in `directory`: of the patient alice with a token; a
/// broadcast (message 1) that she has decrypted, a direct message (2) that waits for her, a
/// broadcast (3) that was not sealed yet, a message (4) of hers, and an invite for bob.
struct older_records {
  static constexpr std::string_view token = "the text of a token";
  static constexpr unix_ms now = 1'700'000'000'000;

  older_records(const std::filesystem::path& directory, const std::string& shape)
      : has_audit(shape >= "1c"), knows_urgency(shape >= "1d"), leaves_unsealed(shape < "1g") {
    const auto file = directory / "doctor.db";
    fill(directory);
    make_older(file, doctor::schema::application_id, "doctor/" + shape);
    if (!has_audit) audit = {};
  }

  bool has_audit;
  bool knows_urgency;
  bool leaves_unsealed;
  doctor::audit::head audit;  ///< the last record

 private:
  void fill(const std::filesystem::path& directory) {
    crypto::system_random random;
    doctor::records kept(directory, random);
    kept.keep_generation(somewhere.generation);
    kept.patients.enrol(patient("alice"), protocol::scope::all, now);
    kept.patients.arrived("alice", now);
    kept.tokens.keep("alice", as_bytes(token), secret_of<32>('R'), protocol::scope::all, UINT64_MAX,
                     now);
    kept.invites.create("bob", secret_of<16>('I'), now, UINT64_MAX);
    kept.inbox.keep("alice", content(4, "thank you"), now);

    const auto decrypted = broadcast(content(1, "stay in your rooms"));
    kept.outbox.accept(decrypted, {"alice"});
    kept.outbox.sent_out(decrypted, {"alice"}, {"alice"}, now);
    kept.outbox.receipts({{message(1), "alice", protocol::receipt_state::decrypted, now}});
    kept.outbox.accept(direct(content(2, "come to room 5")), {"alice"});
    if (leaves_unsealed) {
      const auto waiting = broadcast(content(3, "all clear"));
      kept.outbox.accept(waiting, {"alice"});
      kept.outbox.sent_out(waiting, {"alice"}, {}, now);
      kept.database().execute(
          "UPDATE messages SET generation = NULL, ratchet = NULL, seq = NULL, signature = NULL"
          " WHERE number = 3");
    }
    for (unix_ms i = 0; i < 3; ++i) kept.audit.append(now + i, {"gateway", "started"});
    audit = kept.audit.last();
  }
};

}  // namespace wardline::test
