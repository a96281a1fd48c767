#include "doctor/admission.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"

using namespace wardline;
using namespace wardline::doctor;

namespace {

struct gate {
  admission_limits limits;
  test::manual_clock time{1'790'000'000'000};
  admission door{limits, time};

  int handshakes_until_busy(const std::string& source) {
    int count = 0;
    while (door.full_handshake(source) == errc::ok) ++count;
    return count;
  }
};

}  // namespace

TEST_CASE("a source may begin a burst of full handshakes, and then its rate") {
  gate g;
  CHECK(g.handshakes_until_busy("192.0.2.1") == 50);
  g.time.advance(seconds(1));
  CHECK(g.handshakes_until_busy("192.0.2.1") == 10);
  g.time.advance(seconds(3600));
  CHECK(g.handshakes_until_busy("192.0.2.1") == 50);
}

TEST_CASE("the handshakes of one source are not charged to another") {
  gate g;
  g.handshakes_until_busy("192.0.2.1");
  CHECK(g.door.full_handshake("192.0.2.2") == errc::ok);
}

TEST_CASE("twenty failures within ten minutes close a source for fifteen") {
  gate g;
  for (int i = 0; i < 19; ++i) CHECK_FALSE(g.door.failed("192.0.2.1"));
  CHECK(g.door.full_handshake("192.0.2.1") == errc::ok);
  CHECK(g.door.failed("192.0.2.1"));
  CHECK(g.door.is_closed("192.0.2.1"));
  CHECK(g.door.full_handshake("192.0.2.1") == errc::busy);
  CHECK(g.door.full_handshake("192.0.2.2") == errc::ok);

  g.time.advance(seconds(15 * 60 - 1));
  CHECK(g.door.full_handshake("192.0.2.1") == errc::busy);
  g.time.advance(seconds(1));
  CHECK(g.door.full_handshake("192.0.2.1") == errc::ok);
}

TEST_CASE("failures older than ten minutes are forgotten") {
  gate g;
  for (int i = 0; i < 19; ++i) g.door.failed("192.0.2.1");
  g.time.advance(seconds(601));
  CHECK_FALSE(g.door.failed("192.0.2.1"));
}

TEST_CASE("the closing of a source is told once") {
  gate g;
  for (int i = 0; i < 19; ++i) g.door.failed("192.0.2.1");
  CHECK(g.door.failed("192.0.2.1"));
  for (int i = 0; i < 40; ++i) CHECK_FALSE(g.door.failed("192.0.2.1"));
}

TEST_CASE("the table of sources is bounded, and the one that was active last stays") {
  gate g;
  g.handshakes_until_busy("192.0.2.1");
  for (std::size_t i = 0; i < admission::max_sources; ++i) {
    g.door.full_handshake("x" + std::to_string(i));
    if (i == admission::max_sources / 2) CHECK(g.door.full_handshake("192.0.2.1") == errc::busy);
  }
  CHECK(g.door.full_handshake("192.0.2.1") == errc::busy);
}
