#include "doctor/audit/verify.hpp"

#include <algorithm>

#include "common/crypto/labels.hpp"
#include "common/crypto/random.hpp"
#include "doctor/audit/names.hpp"
#include "tests/support/catch.hpp"

namespace wardline::doctor::audit {
namespace {

constexpr std::uint64_t size_of_log = 1'000;

// Of half a million pairs, how many to go on by. What the verifier answers is shown by the
// optimised build, for each; that it answers it within its bounds, by some.
#if defined(WARDLINE_SANITIZED_ADDRESS) || defined(WARDLINE_SANITIZED_THREAD)
constexpr std::size_t pairs_step = 13;
#else
constexpr std::size_t pairs_step = 1;
#endif

crypto::own_identity doctor(byte seed) {
  byte_array<32> value;
  value.fill(seed);
  return {crypto::identity_seed(value), crypto::role::doctor, crypto::group_id::ristretto255, "dr"};
}

checkpoint sign(const crypto::own_identity& self, const record& r) {
  crypto::system_random random;
  const auto number = big_endian<8>(r.number);
  const auto time = big_endian<8>(r.time);
  return {r.number, r.hash, r.time,
          self.sign(crypto::label::audit_checkpoint, {number, r.hash.view(), time}, random)};
}

/// A log of 1,000 records with a stop of the gateway at 400 and the head that was kept of it.
struct sample {
  crypto::own_identity self = doctor(1);
  std::vector<record> records;
  std::vector<checkpoint> checkpoints;
  audit::head head;

  sample() {
    for (std::uint64_t n = 1; n <= size_of_log; ++n) {
      const bool stops = n == 400;
      entry what{n % 3 == 0 ? "operator" : "gateway",
                 std::string(stops ? event::gateway_stopped : event::sign_in_failed),
                 "patient-" + std::to_string(n % 17),
                 "192.0.2.1",
                 n % 5 == 0 ? "old" : "",
                 n % 5 == 0 ? "new" : "",
                 "done",
                 "wrong_verifier",
                 "count=" + std::to_string(n)};
      record r{n, 1'700'000'000'000 + n, std::move(what), {}};
      r.hash = link(head.hash, r.number, r.time, r.what);
      head = {n, r.hash};
      records.push_back(r);
      if (needs_checkpoint(r)) checkpoints.push_back(sign(self, r));
    }
  }

  verifier begin() const { return {self.public_part(), checkpoints}; }
  std::vector<finding> verify() const {
    return audit::verify(self.public_part(), records, checkpoints, head);
  }
};

bool found(const verifier& v) { return !v.findings().empty(); }

/// Calls `go_on` for every way to change one byte of this record (or to lengthen or shorten one of
/// its texts by one), with the record so changed.
template <class GoOn>
std::size_t each_change(record r, GoOn go_on) {
  std::size_t tried = 0;
  const auto attempt = [&] {
    go_on(r);
    ++tried;
  };
  for (unsigned bit = 0; bit < 64; bit += 8) {
    for (auto* number : {&r.number, &r.time}) {
      *number ^= std::uint64_t{1} << bit;
      attempt();
      *number ^= std::uint64_t{1} << bit;
    }
  }
  auto& e = r.what;
  for (auto* text : {&e.actor, &e.event, &e.whom, &e.source, &e.before, &e.after, &e.result,
                     &e.reason, &e.detail}) {
    for (auto& c : *text) {
      c = static_cast<char>(c ^ 1);
      attempt();
      c = static_cast<char>(c ^ 1);
    }
    text->push_back('x');
    attempt();
    text->pop_back();
    if (text->empty()) continue;
    const char last = text->back();
    text->pop_back();
    attempt();
    text->push_back(last);
  }
  for (auto& b : r.hash.value) {
    b ^= 1;
    attempt();
    b ^= 1;
  }
  return tried;
}

}  // namespace

TEST_CASE("a log that nobody touched verifies") {
  const sample log;
  CHECK(log.verify().empty());
  CHECK(log.checkpoints.size() == 2);
  CHECK(verify(log.self.public_part(), {}, {}, head{}).empty());
}

TEST_CASE("every single-byte change of every record is found, and the record named") {
  const sample log;
  auto v = log.begin();
  std::size_t tried = 0;
  std::size_t missed = 0;
  std::size_t misnamed = 0;
  for (const auto& r : log.records) {
    tried += each_change(r, [&](const record& changed) {
      // Findings only grow, so what is found here is found by the whole.
      auto after = v;
      after.add(changed);
      if (!found(after)) ++missed;
      if (found(after) && after.findings().front().number != r.number &&
          after.findings().front().number != changed.number) {
        ++misnamed;
      }
    });
    v.add(r);
    REQUIRE_FALSE(found(v));
  }
  CHECK(missed == 0);
  CHECK(misnamed == 0);
  CHECK(tried > 100 * size_of_log);
}

TEST_CASE("a change is found by the whole function too, wherever it is") {
  sample log;
  for (std::size_t i = 0; i < log.records.size(); i += 7) {
    auto& c = log.records[i].what.detail.back();
    c = static_cast<char>(c ^ 1);
    const auto findings = log.verify();
    c = static_cast<char>(c ^ 1);
    REQUIRE(findings.size() == 1);
    REQUIRE(findings.front().number == i + 1);
  }
}

TEST_CASE("every single-byte change of every checkpoint and of the kept head is found") {
  sample log;
  std::size_t missed = 0;
  const auto attempt = [&] { missed += log.verify().empty() ? 1 : 0; };
  for (auto& c : log.checkpoints) {
    for (unsigned bit = 0; bit < 64; bit += 8) {
      for (auto* number : {&c.number, &c.time}) {
        *number ^= std::uint64_t{1} << bit;
        attempt();
        *number ^= std::uint64_t{1} << bit;
      }
    }
    for (auto& b : c.hash.value) {
      b ^= 1;
      attempt();
      b ^= 1;
    }
    for (auto& b : c.signature) {
      b ^= 1;
      attempt();
      b ^= 1;
    }
  }
  for (auto& b : log.head.hash.value) {
    b ^= 1;
    attempt();
    b ^= 1;
  }
  for (unsigned bit = 0; bit < 64; bit += 8) {
    log.head.number ^= std::uint64_t{1} << bit;
    attempt();
    log.head.number ^= std::uint64_t{1} << bit;
  }
  CHECK(missed == 0);
  CHECK(log.verify().empty());
}

TEST_CASE("every removed record is found") {
  const sample log;
  auto v = log.begin();
  for (std::size_t i = 0; i < log.records.size(); ++i) {
    auto after = v;
    if (i + 1 < log.records.size()) {
      after.add(log.records[i + 1]);
    } else {
      after.end(log.head);
    }
    REQUIRE(found(after));
    REQUIRE(after.findings().front().number == i + 1);

    // Those that follow may be numbered anew so that no gap is seen.
    if (i + 1 < log.records.size()) {
      auto renumbered = v;
      auto next = log.records[i + 1];
      next.number = i + 1;
      renumbered.add(next);
      REQUIRE(found(renumbered));
    }
    v.add(log.records[i]);
  }
}

TEST_CASE("every two records that changed places are found, also if they changed numbers") {
  const sample log;
  auto v = log.begin();
  std::size_t missed = 0;
  for (std::size_t i = 0; i < log.records.size(); ++i) {
    for (std::size_t j = i + 1; j < log.records.size(); j += pairs_step) {
      auto swapped = v;
      swapped.add(log.records[j]);
      auto renumbered = v;
      auto other = log.records[j];
      other.number = log.records[i].number;
      renumbered.add(other);
      if (!found(swapped) || !found(renumbered)) ++missed;
    }
    v.add(log.records[i]);
  }
  CHECK(missed == 0);
}

TEST_CASE("every truncation is found: by the last checkpoint, and without it by the head") {
  const sample log;
  auto without_last = log.checkpoints;
  without_last.pop_back();
  auto with_all = log.begin();
  verifier with_head(log.self.public_part(), without_last);
  for (const auto& r : log.records) {
    auto cut = with_all;
    cut.end(std::nullopt);
    REQUIRE(found(cut));
    REQUIRE(cut.findings().front().number == r.number);

    auto cut_with_its_checkpoint = with_head;
    cut_with_its_checkpoint.end(log.head);
    REQUIRE(found(cut_with_its_checkpoint));
    REQUIRE(cut_with_its_checkpoint.findings().back().number == r.number);
    with_all.add(r);
    with_head.add(r);
  }
}

TEST_CASE("a removed checkpoint is found") {
  for (const std::size_t i : {0U, 1U}) {
    sample log;
    const auto number = log.checkpoints[i].number;
    log.checkpoints.erase(log.checkpoints.begin() + static_cast<std::ptrdiff_t>(i));
    const auto findings = log.verify();
    REQUIRE(findings.size() == 1);
    CHECK(findings.front() == finding{number, "its signed checkpoint is missing"});
  }
}

TEST_CASE("a chain that was calculated anew from an altered record on is found at a checkpoint") {
  sample log;
  log.records[700].what.whom = "somebody-else";
  head last{700, log.records[699].hash};
  for (std::size_t i = 700; i < log.records.size(); ++i) {
    auto& r = log.records[i];
    r.hash = link(last.hash, r.number, r.time, r.what);
    last = {r.number, r.hash};
  }
  log.head = last;
  const auto without_signature = log.verify();
  REQUIRE_FALSE(without_signature.empty());
  CHECK(without_signature.front().number == 1'000);

  log.checkpoints.back() = sign(doctor(2), log.records.back());
  CHECK_FALSE(log.verify().empty());
}

TEST_CASE("another doctor's log does not verify") {
  const sample log;
  CHECK_FALSE(verify(doctor(2).public_part(), log.records, log.checkpoints, log.head).empty());
}

TEST_CASE("a record that somebody added is found") {
  sample log;
  record more{size_of_log + 1, 1'700'000'002'000, {"operator", "admitted"}, {}};
  more.hash = link(log.head.hash, more.number, more.time, more.what);
  log.records.push_back(more);
  const auto findings = log.verify();
  REQUIRE(findings.size() == 1);
  CHECK(findings.front().number == size_of_log + 1);
}

TEST_CASE("text that moves from one field to the next is another record") {
  entry one{"a", "bc"};
  entry two{"ab", "c"};
  CHECK(link({}, 1, 1, one) != link({}, 1, 1, two));
}

}  // namespace wardline::doctor::audit
