#include "doctor/rounds.hpp"

#include <set>
#include <vector>

#include <fmt/format.h>

#include "tests/support/catch.hpp"

using wardline::doctor::rounds;

namespace {

std::map<std::string, int> table_of(std::size_t size) {
  std::map<std::string, int> out;
  for (std::size_t i = 0; i < size; ++i) out[fmt::format("p{:05}", i)] = 0;
  return out;
}

std::vector<std::string> turn(rounds& r, const std::map<std::string, int>& table) {
  std::vector<std::string> keys;
  r.turn(table, [&](const std::string& key, int) { keys.push_back(key); });
  return keys;
}

}  // namespace

TEST_CASE("an empty table has no turns") {
  rounds r;
  CHECK(turn(r, {}).empty());
}

TEST_CASE("a few are all looked at in each turn, once") {
  const auto size = GENERATE(1U, rounds::few - 1, rounds::few);
  const auto table = table_of(size);
  rounds r;
  for (int i = 0; i < 3; ++i) {
    const auto keys = turn(r, table);
    CHECK(keys.size() == size);
    CHECK(std::set(keys.begin(), keys.end()).size() == size);
  }
}

TEST_CASE("each of many is looked at in a round, in parts of equal size") {
  const auto size = GENERATE(rounds::few + 1, 1000U, 1001U);
  const auto table = table_of(size);
  rounds r;
  for (int round = 0; round < 3; ++round) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < rounds::turns; ++i) {
      const auto keys = turn(r, table);
      CHECK(keys.size() <= std::max(rounds::few, size / rounds::turns + 1));
      seen.insert(keys.begin(), keys.end());
    }
    CHECK(seen.size() == size);
  }
}

TEST_CASE("who is there all along is looked at, whoever comes and goes") {
  auto table = table_of(1000);
  const auto before = table;
  rounds r;
  std::set<std::string> seen;
  for (std::size_t i = 0; i < 2 * rounds::turns; ++i) {
    const auto keys = turn(r, table);
    seen.insert(keys.begin(), keys.end());
    table.erase(keys.front());
    for (int n = 0; n < 50; ++n) table[keys.back() + fmt::format("-{}", n)] = 0;
  }
  for (const auto& [key, value] : before) {
    INFO(key);
    CHECK(seen.count(key) == 1);
  }
}
