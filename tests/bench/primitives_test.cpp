#include "bench/primitives/primitives.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <fmt/format.h>

#include "bench/primitives/comparison.hpp"
#include "bench/primitives/plain_cipher.hpp"
#include "bench/primitives/tables.hpp"
#include "tests/support/catch.hpp"

namespace wardline::bench {
namespace {

// "signature, ristretto255: Wardline"
std::string line_of(const row& r) {
  return fmt::format("{}{}{}: {}", r.of.what, r.of.group.empty() ? "" : ", " + r.of.group,
                     r.of.size ? fmt::format(", {} {}", *r.of.size, r.of.size_unit) : "", r.who);
}

std::set<std::string> expected_lines() {
  std::set<std::string> out;
  const auto expect = [&](const std::string& subject, std::vector<std::string> others) {
    others.emplace_back(ours);
    for (const auto& who : others) out.insert(subject + ": " + who);
  };
  for (const auto* what : {"key generation", "signature", "verification"}) {
    expect(std::string(what) + ", ristretto255", {"libsodium Ed25519", "OpenSSL Ed25519"});
  }
  expect("dh, free base, ristretto255", {"libsodium", "OpenSSL X25519"});
  expect("dh, fixed base, ristretto255", {"libsodium"});
  expect("element check, ristretto255", {"libsodium"});
  std::vector<std::string> broadcasters{"OpenSSL Ed25519"};
  std::vector<std::string> ciphers{"Crypto++", "OpenSSL"};
  if (primitives::sodium_has_aes()) {
    broadcasters.emplace_back("libsodium Ed25519");
    ciphers.emplace_back("libsodium");
  }
  expect("broadcast, seal and sign, ristretto255, 256 B", broadcasters);
  for (const int size : {16, 256, 1024, 4096, 65536}) {
    expect(fmt::format("AES-256-GCM seal, {} B", size), ciphers);
    expect(fmt::format("AES-256-GCM open, {} B", size), ciphers);
  }
  for (const int size : {256, 65536}) {
    expect(fmt::format("SHA-256, {} B", size), {"Crypto++", "OpenSSL", "libsodium"});
  }
  expect("HKDF-SHA-256", {"Crypto++", "OpenSSL"});
  for (const int members : {10, 100, 1000, 10'000}) {
    expect(fmt::format("group key, {} members", members), {"Crypto++", "OpenSSL", "libsodium"});
  }
  out.insert("safe-prime group, 512 bit: OpenSSL");
  out.insert("safe-prime group, 512 bit: Crypto++");
  return out;
}

settings twice() {
  settings out;
  out.quick = true;
  out.repetitions = 2;
  return out;
}

bool has_remark(const report& r, const std::string& part) {
  return std::ranges::any_of(r.remarks(),
                             [&](const auto& text) { return text.find(part) != text.npos; });
}

TEST_CASE("each primitive is measured as often as was asked, beside everybody who has it") {
  auto how = twice();
  how.group = crypto::group_id::ristretto255;
  std::size_t steps = 0;
  how.progress = [&](const std::string&) { ++steps; };
  report out;
  run_primitives(how, out);

  auto missing = expected_lines();
  for (const auto& r : out.rows()) {
    INFO(line_of(r));
    CHECK(r.of.table == "primitives");
    CHECK(r.of.what.size() <= 28);
    CHECK(std::ranges::all_of(r.samples, [](double x) { return x > 0; }));
    // The search for a prime of 1,024 bits has no bound, and is given up after a while.
    if (r.of.what == "safe-prime group" && r.of.size == 1024) continue;
    CHECK(r.samples.size() == 2);
    CHECK(missing.erase(line_of(r)) == 1);
  }
  CHECK(missing == std::set<std::string>{});
  CHECK(steps > 20);
  CHECK(has_remark(out, "2048 bit: left out by --quick"));
  CHECK_FALSE(has_remark(out, "is left out"));
}

TEST_CASE("whoever makes something else of it is not measured, and named") {
  primitives::comparison c(primitives::row_of("sum", "integers", 3, "B"));
  int calls = 0;
  const auto count = [&] { return ++calls > 0; };
  c.add(std::string(ours), count, [] { return true; });
  c.add(
      "wrong", [] { return true; }, [] { return false; });
  c.add(
      "unable", []() -> bool { throw std::runtime_error("no such thing"); }, [] { return true; });
  int rest = 2;
  c.add(
      "tired", [&] { return --rest >= 0; }, [] { return true; });
  report out;
  c.run(twice(), out);

  REQUIRE(out.rows().size() == 1);
  CHECK(out.rows().front().who == ours);
  CHECK(out.rows().front().samples.size() == 2);
  CHECK(calls > 3);
  CHECK(has_remark(out, "sum, integers, 3 B: wrong is left out: the result is wrong"));
  CHECK(has_remark(out, "sum, integers, 3 B: unable is left out: no such thing"));
  CHECK(has_remark(out, "sum, integers, 3 B: tired is left out: it failed"));
}

TEST_CASE("the groups modulo a prime agree with both plain libraries") {
  report out;
  primitives::measure_group(crypto::group_id::ffdhe2048, twice(), out);
  std::set<std::string> contestants;
  for (const auto& r : out.rows()) contestants.insert(r.of.what + ": " + r.who);
  for (const auto* what : {"key generation", "signature", "verification", "dh, free base",
                           "dh, fixed base", "element check", "broadcast, seal and sign"}) {
    for (const auto* who : {"Wardline", "Crypto++", "OpenSSL"}) {
      CHECK(contestants.erase(fmt::format("{}: {}", what, who)) == 1);
    }
  }
  CHECK(contestants == std::set<std::string>{"dh, free base: OpenSSL EVP",
                                             "element check: OpenSSL EVP",
                                             "verification: Crypto++, two exponentiations"});
}

}  // namespace
}  // namespace wardline::bench
