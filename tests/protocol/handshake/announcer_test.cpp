#include "protocol/handshake/announcer.hpp"

#include <set>
#include <thread>

#include "protocol/message/announcement.hpp"
#include "tests/protocol/handshake/clinic.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;
using namespace wardline::test;

TEST_CASE("the doctor signs its identity anew at most once a second") {
  clinic c;
  CHECK_FALSE(c.announcements.fresh());
  const auto first = c.announcements.sign();
  REQUIRE(first);
  c.time.advance(milliseconds(999));
  CHECK(c.announcements.fresh() == first);
  CHECK(c.announcements.sign() == first);
  c.time.advance(milliseconds(1));
  CHECK_FALSE(c.announcements.fresh());
  const auto second = c.announcements.sign();
  CHECK(second != first);
  CHECK(read_announcement(as_frame(*second).body())->time == clinic::opening + 1000);
}

TEST_CASE("an announcement from the future is signed anew: the clock was set back") {
  clinic c;
  c.announcements.sign();
  c.time.set(clinic::opening - 5000);
  CHECK_FALSE(c.announcements.fresh());
  CHECK(read_announcement(as_frame(*c.announcements.sign()).body())->time ==
        clinic::opening - 5000);
}

TEST_CASE("those who ask at the same moment share one signature") {
  clinic c;
  std::vector<std::shared_ptr<const bytes>> given(4);
  std::vector<std::thread> askers;
  for (auto& mine : given) askers.emplace_back([&c, &mine] { mine = c.announcements.sign(); });
  for (auto& asker : askers) asker.join();
  CHECK(std::set<std::shared_ptr<const bytes>>(given.begin(), given.end()).size() == 1);
}
