// What lies on the disk, read as if somebody else had written it: sealed columns, pinned doctors,
// tickets, boxes under a passphrase, and the small files of a data directory. It is refused in
// words, or it is what was kept.
#include "patient/records/records.hpp"

#include "common/crypto/passphrase_box.hpp"
#include "common/crypto/sealed_column.hpp"
#include "common/store/secret_file.hpp"
#include "doctor/identity_file.hpp"
#include "doctor/last_address.hpp"
#include "patient/records/schema.hpp"
#include "tests/fuzz/support/fixed_random.hpp"
#include "tests/fuzz/support/input.hpp"
#include "tests/fuzz/support/scratch.hpp"

using namespace wardline;
using fuzz::must;

namespace {

/// A store with one pinned doctor and the key of its sealed columns, which is known here.
struct patient_store {
  fuzz::fixed_random random;
  patient::records records{fuzz::scratch(), "p1", random};
  secret<32> key = store::secret_file::load(fuzz::scratch() / at_rest::store_key_name).value();
  /// Another way into the same file.
  store::database other{fuzz::scratch() / "patient.db", patient::application_id,
                        patient::migrations};

  patient_store() {
    const crypto::own_identity doctor({}, crypto::role::doctor, crypto::group_id::ristretto255,
                                      "dr");
    must(records.doctors.pin(doctor.public_part(), 1).has_value(), "a doctor is pinned");
  }
};

patient_store& opened_store() {
  static patient_store there;
  return there;
}

void column(fuzz::input& in) {
  fuzz::fixed_random random;
  secret<32> key;
  crypto::sealed_column sealed(key, "table", "column", random);
  const bytes row = to_bytes(in.take(in.below(8)));
  const bytes value = to_bytes(in.take(in.number()));
  const auto cell = sealed.seal(row, value);
  const auto changed = fuzz::mutated(cell, in);
  const auto opened = sealed.open(row, changed);
  must(opened.has_value() == (changed == cell), "what was changed does not open, and else it does");
  must(!opened || to_bytes(opened->view()) == value, "what opens is what was sealed");
  bytes other_row = row;
  other_row.push_back(0);
  must(!sealed.open(other_row, cell), "a value opens in no other row");
  crypto::sealed_column other(key, "tablec", "olumn", random);
  must(!other.open(row, cell), "a value opens in no other column");
  (void)sealed.open(row, in.rest());
}

void ticket(fuzz::input& in) {
  auto& at = opened_store();
  fuzz::fixed_random random;
  crypto::sealed_column sealed(at.key, "tickets", "ticket", random);
  const bool is_sealed = in.number() % 8 != 7;
  const auto plain = to_bytes(in.rest());
  at.other.prepare("INSERT OR REPLACE INTO tickets (doctor, ticket) VALUES ('dr', ?)")
      .bind(is_sealed ? sealed.seal(as_bytes("dr"), plain) : plain)
      .run();
  const auto taken = at.records.tickets.take("dr");
  must(!at.records.tickets.take("dr"), "a ticket is taken once");
  if (!taken) return;
  must(is_sealed, "a ticket was sealed");
  bytes again = to_bytes(big_endian<8>(taken->expires));
  append(again, big_endian<2>(taken->token.size()));
  append(again, taken->token);
  append(again, taken->secret.view());
  must(again == plain, "a ticket is what was kept");
}

void pin(fuzz::input& in) {
  auto& at = opened_store();
  const auto identity = to_bytes(in.rest());
  at.other.prepare("UPDATE doctors SET identity = ?").bind(identity).run();
  try {
    const auto found = at.records.doctors.find("dr");
    must(found && crypto::encode(found->who) == identity, "a pin is what was kept");
  } catch (const store::error& why) {
    must(why.kind() == store::error_kind::corrupt, "a damaged pin is called so");
  }
}

void box(fuzz::input& in) {
  using namespace crypto::passphrase_box;
  static const bytes honest = [] {
    fuzz::fixed_random random;
    return seal(as_bytes("words"), as_bytes("whose"), as_bytes("secret"), {1, 8192}, random);
  }();
  const bool is_own = in.number() % 2 == 0;
  const auto there = is_own ? to_bytes(in.rest()) : fuzz::mutated(honest, in);
  const auto note = note_of(there);
  must(!note || note->size() <= max_note, "a note is short");
  // Where passes and memory stand. What may be asked for takes seconds; more is refused at once.
  if (there.size() >= 21) {
    const auto passes = from_big_endian<4>(byte_view(there).subspan(9, 4));
    const auto memory = from_big_endian<8>(byte_view(there).subspan(13, 8));
    const bool is_too_much = passes > greatest_cost.passes || memory > greatest_cost.memory;
    if (!is_too_much && (passes > 1 || memory > 16'384)) return;
  }
  const auto opened = open(as_bytes("words"), there);
  must(opened.has_value() == (there == honest), "what was changed does not open, and else it does");
}

void small_files(fuzz::input& in) {
  const auto which = in.below(3);
  const auto content = in.rest();
  const auto& at = fuzz::scratch();
  if (which == 0) {
    fuzz::write_file(at / "identity.json", content);
    try {
      (void)doctor::group_of_identity(at);
    } catch (const failure& why) {
      must(*why.what() != '\0', "what is wrong is told in words");
    }
  } else if (which == 1) {
    fuzz::write_file(at / "listen", content);
    const auto address = doctor::last_address(at);
    must(!address || net::parse_address(net::address_text(*address)) == *address,
         "an address keeps its meaning");
  } else {
    fuzz::write_file(at / "secret", content);
    try {
      const auto found = store::secret_file::load(at / "secret");
      must(found && to_bytes(found->view()) == to_bytes(content), "a secret is what was kept");
    } catch (const failure&) {
      must(content.size() != 32, "32 bytes of ours are a secret");
    }
  }
}

}  // namespace

WARDLINE_FUZZ_TARGET(in) {
  switch (in.below(5)) {
    case 0:
      return column(in);
    case 1:
      return ticket(in);
    case 2:
      return pin(in);
    case 3:
      return box(in);
    default:
      return small_files(in);
  }
}
