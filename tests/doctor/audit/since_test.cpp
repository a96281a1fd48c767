#include "doctor/audit/since.hpp"

#include <ctime>

#include "common/util/error.hpp"
#include "tests/support/catch.hpp"

namespace wardline::doctor::audit {

constexpr unix_ms now = 1'800'000'000'000;

TEST_CASE("a time since when takes how long ago") {
  CHECK(since_from("2h", now) == now - 7'200'000);
  CHECK(since_from("7d", now) == now - 7ULL * 86'400'000);
  CHECK(since_from("90", now) == now - 90'000);
  CHECK(since_from("2h", 1'000) == 0);
}

TEST_CASE("a time since when takes a time, UTC or local") {
  CHECK(since_from("1970-01-02Z", now) == 86'400'000);
  CHECK(since_from("2026-11-21T14:30Z", now) == 1'795'271'400'000);
  CHECK(since_from("2026-11-21 14:30:05Z", now) == 1'795'271'405'000);
  std::tm local{};
  local.tm_year = 126;
  local.tm_mon = 10;
  local.tm_mday = 21;
  local.tm_hour = 14;
  local.tm_min = 30;
  local.tm_isdst = -1;
  const auto expected = static_cast<unix_ms>(std::mktime(&local)) * 1000;
  CHECK(since_from("2026-11-21T14:30", now) == expected);
  CHECK(since_from("2026-11-21 14:30:05", now) == expected + 5'000);
}

TEST_CASE("a time since when takes nothing else") {
  for (const auto* text :
       {"", "x", "-1h", "2026-13-01", "2026-02-30", "2026-11-21T24:00", "2026-11-21T14:60",
        "2026-11-21T14", "1960-01-01Z", "2026-11-21T14:30+01:00", "1h2", "99999999999999999999d"})
    CHECK_THROWS_AS(since_from(text, now), failure);
}

}  // namespace wardline::doctor::audit
