#include "common/cli/time_text.hpp"

#include <string>

#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::cli {

TEST_CASE("a duration is read as people write it") {
  struct row {
    const char* text;
    std::int64_t expected;
  };
  const row rows[] = {{"0", 0},
                      {"0s", 0},
                      {"90", 90},
                      {"30s", 30},
                      {"10m", 600},
                      {"24h", 86'400},
                      {"7d", 604'800},
                      {"007", 7},
                      {"31536000", 31'536'000},
                      {"365d", 31'536'000}};
  for (const auto& r : rows) {
    CAPTURE(r.text);
    CHECK(parse_duration(r.text, seconds(0), seconds(31'536'000)).count() == r.expected);
  }
}

TEST_CASE("what is not a duration is refused with words") {
  for (const char* text : {"", "s", "m", "-1", "-1s", "+1", "1.5h", "1 h", " 1", "1 ", "1H", "1w",
                           "1hs", "h1", "1h30m", "0x10", "ten"}) {
    CAPTURE(text);
    const auto e =
        test::thrown_by<failure>([&] { parse_duration(text, seconds(0), seconds(1'000'000)); });
    CHECK(test::contains(e.what(), "is no duration"));
    CHECK_FALSE(e.hint().empty());
  }
}

TEST_CASE("a duration outside the bounds is refused, however large it is") {
  for (const char* text : {"0", "59s", "3601", "61m", "2h", "106751991167301d",
                           "9223372036854775807d", "99999999999999999999999999s"}) {
    CAPTURE(text);
    const auto e =
        test::thrown_by<failure>([&] { parse_duration(text, seconds(60), seconds(3600)); });
    CHECK(test::contains(e.what(), "is not from 1m to 1h"));
  }
  CHECK(parse_duration("1m", seconds(60), seconds(3600)) == seconds(60));
  CHECK(parse_duration("1h", seconds(60), seconds(3600)) == seconds(3600));
}

TEST_CASE("a duration is shown in its two largest units") {
  struct row {
    std::int64_t count;
    const char* expected;
  };
  const row rows[] = {{0, "0s"},         {59, "59s"},       {60, "1m"},      {61, "1m 1s"},
                      {3599, "59m 59s"}, {3600, "1h"},      {3601, "1h"},    {5400, "1h 30m"},
                      {86'400, "1d"},    {90'061, "1d 1h"}, {604'800, "7d"}, {-61, "-1m 1s"}};
  for (const auto& r : rows) CHECK(duration_text(seconds(r.count)) == r.expected);
}

TEST_CASE("a time is shown in UTC with its milliseconds") {
  CHECK(utc_text(0) == "1970-01-01T00:00:00.000Z");
  CHECK(utc_text(1'773'480'413'589) == "2026-03-14T09:26:53.589Z");
  CHECK_FALSE(utc_text(UINT64_MAX).empty());
  CHECK(local_text(1'773'480'413'589).size() == 19);
}

}  // namespace wardline::cli
