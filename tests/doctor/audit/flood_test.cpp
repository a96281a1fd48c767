#include "doctor/audit/flood.hpp"

#include "doctor/audit/names.hpp"
#include "tests/doctor/records/home.hpp"
#include "tests/support/manual_clock.hpp"

namespace wardline::doctor::audit {
namespace {

entry failed(const std::string& source, const std::string& cause) {
  entry e;
  e.actor = actor::stranger;
  e.event = event::sign_in_failed;
  e.source = source;
  e.result = "failed";
  e.reason = cause;
  return e;
}

record last_of(test::home& at) {
  record out{};
  at->audit.find({0, "", "", UINT64_MAX, 1}, [&out](const record& r) { out = r; });
  return out;
}

}  // namespace

TEST_CASE("the first failure of a kind is recorded at once, the others of a minute as a count") {
  test::home at;
  test::manual_clock time;
  flood f(at->audit, time, [](const std::string&) {});
  for (int i = 0; i < 1'000; ++i) f.note(failed("192.0.2.1", "wrong_verifier"));
  CHECK(at->audit.last().number == 1);
  f.note(failed("192.0.2.1", "replayed"));
  f.note(failed("192.0.2.2", "wrong_verifier"));
  CHECK(at->audit.last().number == 3);

  time.advance(flood::window);
  f.tick();
  REQUIRE(at->audit.last().number == 4);
  CHECK(last_of(at).what.detail == "count=999");
  f.note(failed("192.0.2.1", "wrong_verifier"));
  CHECK(at->audit.last().number == 5);
}

TEST_CASE("a flood from ever new addresses is recorded within bounds, and counted") {
  test::home at;
  test::manual_clock time;
  flood f(at->audit, time, [](const std::string&) {});
  for (int i = 0; i < 10'000; ++i) f.note(failed("s" + std::to_string(i), "wrong_verifier"));
  f.flush();
  REQUIRE(at->audit.last().number == flood::max_kinds + 1);
  const auto last = last_of(at);
  CHECK(last.what.source == "*");
  CHECK(last.what.detail == "count=" + std::to_string(10'000 - flood::max_kinds));
}

TEST_CASE("what the disk does not take is counted, and recorded once it does") {
  test::home at;
  test::manual_clock time;
  int troubles = 0;
  flood f(at->audit, time, [&](const std::string&) { ++troubles; });
  at.tamper("PRAGMA query_only = 1");
  f.note(failed("192.0.2.1", "wrong_verifier"));
  f.note(failed("192.0.2.1", "wrong_verifier"));
  CHECK(troubles == 1);
  at.tamper("PRAGMA query_only = 0");
  time.advance(flood::window);
  f.tick();
  REQUIRE(at->audit.last().number == 1);
  CHECK(last_of(at).what.detail == "count=2");
}

}  // namespace wardline::doctor::audit
