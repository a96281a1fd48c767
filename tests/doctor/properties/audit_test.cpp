// The audit log: whatever somebody does to the records, verification finds it, also if all that
// can be computed anew is computed anew.
#include <algorithm>

#include "common/crypto/labels.hpp"
#include "common/crypto/random.hpp"
#include "doctor/audit/names.hpp"
#include "doctor/audit/verify.hpp"
#include "tests/support/property.hpp"

namespace wardline::doctor::audit {
namespace {

using test::property;

const crypto::own_identity& doctor() {
  static const auto self = [] {
    byte_array<32> seed;
    seed.fill(1);
    return crypto::own_identity(crypto::identity_seed(seed), crypto::role::doctor,
                                crypto::group_id::ristretto255, "dr");
  }();
  return self;
}

entry any_entry() {
  const auto text = [] { return *test::text_up_to(12); };
  return {text(), text(), text(), text(), text(), text(), text(), text(), text()};
}

struct sample {
  std::vector<record> records;
  std::vector<checkpoint> checkpoints;
  audit::head head;
};

/// The hashes from record `from` on, as anybody can compute them.
void link_anew(std::vector<record>& records, std::size_t from) {
  for (auto i = from; i < records.size(); ++i) {
    auto& r = records[i];
    r.hash = link(i == 0 ? crypto::digest{} : records[i - 1].hash, r.number, r.time, r.what);
  }
}

sample any_log() {
  sample out;
  const auto size = *rc::gen::inRange<std::uint64_t>(1, 9).as("records");
  for (std::uint64_t n = 1; n <= size; ++n) {
    record r{n, *rc::gen::arbitrary<unix_ms>(), any_entry(), {}};
    if (n == size || *rc::gen::inRange(0, 4) == 0) r.what.event = event::gateway_stopped;
    out.records.push_back(std::move(r));
  }
  link_anew(out.records, 0);
  crypto::system_random random;  // of signatures, which nothing here depends on
  for (const auto& r : out.records) {
    if (!needs_checkpoint(r)) continue;
    out.checkpoints.push_back(
        {r.number, r.hash, r.time,
         doctor().sign(crypto::label::audit_checkpoint,
                       {big_endian<8>(r.number), r.hash.view(), big_endian<8>(r.time)}, random)});
  }
  out.head = {out.records.back().number, out.records.back().hash};
  return out;
}

std::size_t any_place(std::size_t size) {
  return *rc::gen::inRange<std::size_t>(0, size).as("place");
}

void change(record& r) {
  switch (*rc::gen::inRange(0, 6).as("what")) {
    case 0:
      r.time = *rc::gen::arbitrary<unix_ms>();
      break;
    case 1:
      r.number = *rc::gen::inRange<std::uint64_t>(0, 12);
      break;
    case 2:
      r.what = any_entry();
      break;
    case 3:
      std::swap(r.what.before, r.what.after);
      break;
    case 4:  // the same letters, cut in another place
      if (!r.what.actor.empty()) {
        r.what.event.insert(r.what.event.begin(), r.what.actor.back());
        r.what.actor.pop_back();
      }
      break;
    default:
      r.hash = *rc::gen::arbitrary<crypto::digest>();
  }
}

void tamper(std::vector<record>& records) {
  const auto at = any_place(records.size());
  const auto place = static_cast<std::ptrdiff_t>(at);
  switch (*rc::gen::inRange(0, 6).as("how")) {
    case 0:
      records.erase(records.begin() + place);
      break;
    case 1:
      std::swap(records[at], records[any_place(records.size())]);
      break;
    case 2: {
      auto copy = records[any_place(records.size())];
      records.insert(records.begin() + place, std::move(copy));
      break;
    }
    case 3:
      records.resize(at);
      break;
    default:
      change(records[at]);
  }
}

}  // namespace

TEST_CASE("a log of any records verifies, and whatever is done to them is found") {
  property(
      [] {
        const auto honest = any_log();
        const auto& self = doctor().public_part();
        RC_ASSERT(verify(self, honest.records, honest.checkpoints, honest.head).empty());

        auto records = honest.records;
        for (int n = *rc::gen::inRange(1, 3); n > 0 && !records.empty(); --n) tamper(records);
        if (records == honest.records) return;
        RC_ASSERT(!verify(self, records, honest.checkpoints, honest.head).empty());
      },
      200);
}

TEST_CASE("whoever alters a log and computes all hashes anew is found by the doctor's signature") {
  property(
      [] {
        const auto honest = any_log();
        const auto& self = doctor().public_part();
        auto records = honest.records;
        tamper(records);
        // The numbers and hashes are right again; what cannot be made is a signature.
        for (std::size_t i = 0; i < records.size(); ++i) records[i].number = i + 1;
        link_anew(records, 0);
        if (records == honest.records) return;
        std::optional<head> end = head{};
        if (!records.empty()) end = head{records.back().number, records.back().hash};
        // An end that was cut off shows by the head alone, which lies elsewhere.
        const bool is_a_beginning =
            records.size() < honest.records.size() &&
            std::equal(records.begin(), records.end(), honest.records.begin());
        if (is_a_beginning) end = honest.head;
        RC_ASSERT(!verify(self, records, honest.checkpoints, end).empty());
      },
      200);
}

}  // namespace wardline::doctor::audit
