#include "tests/common/net/connected_pair.hpp"

namespace wardline::net {

TEST_CASE("a frame that comes byte by byte is handed over once, whole") {
  pair p;
  p.peer.set_option(tcp::no_delay(true));
  p.connection->start(p.handler);
  const bytes sent = frame(20, 7);
  for (const byte b : sent) {
    CHECK(p.handler.frames.empty());
    p.say({b});
    p.context.restart();
    p.context.run_one();
  }
  p.run_until([&] { return !p.handler.frames.empty(); });
  CHECK(p.handler.frames == std::vector<bytes>{sent});
}

TEST_CASE("frames that come together are handed over one by one, in order") {
  pair p;
  p.connection->start(p.handler);
  p.say(frame(0) + frame(1, 1) + frame(500, 2) + frame(3, 3));
  p.run_until([&] { return p.handler.frames.size() >= 4; });
  CHECK(p.handler.frames == std::vector<bytes>{frame(0), frame(1, 1), frame(500, 2), frame(3, 3)});
}

TEST_CASE("a frame that follows half of another is put together with its rest") {
  pair p;
  p.connection->start(p.handler);
  const bytes all = frame(100, 1) + frame(200, 2);
  p.say({all.begin(), all.begin() + 150});
  p.run_until([&] { return p.handler.frames.size() == 1; });
  p.say({all.begin() + 150, all.end()});
  p.run_until([&] { return p.handler.frames.size() == 2; });
  CHECK(p.handler.frames[1] == frame(200, 2));
}

TEST_CASE("a length out of bounds ends the connection after four bytes") {
  for (const std::uint32_t length :
       {0U, 3U, protocol::handshake_frame_limit + 1, 0x80000000U, 0xffffffffU}) {
    CAPTURE(length);
    pair p;
    p.connection->start(p.handler);
    const auto prefix = big_endian<4>(length);
    p.say(to_bytes(prefix));
    p.run_until([&] { return !p.handler.closed.empty(); });
    CHECK(p.handler.closed == std::vector<errc>{errc::protocol_error});
    CHECK_FALSE(p.connection->is_open());
  }
}

TEST_CASE("a header that the protocol does not name ends the connection") {
  pair p;
  p.connection->start(p.handler);
  bytes wrong = frame(0);
  wrong[4] = 2;
  p.say(frame(0) + wrong + frame(0));
  p.run_until([&] { return !p.handler.closed.empty(); });
  CHECK(p.handler.frames.size() == 1);
  CHECK(p.handler.closed == std::vector<errc>{errc::protocol_error});
}

TEST_CASE("the limit of a session holds from the frame after establishment") {
  pair p;
  p.handler.then = [&](const protocol::frame&) { p.connection->established(); };
  p.connection->start(p.handler);
  const bytes largest = frame(protocol::session_frame_limit - 4, 5);
  p.say(frame(0) + largest);
  p.run_until([&] { return p.handler.frames.size() == 2 || !p.handler.closed.empty(); });
  CHECK(p.handler.closed.empty());
  CHECK(p.handler.frames.back() == largest);
}

TEST_CASE("the end of the peer is told once, after its last frame") {
  pair p;
  p.connection->start(p.handler);
  p.say(frame(9));
  p.peer.close();
  p.context.run();  // nothing is left to wait for
  CHECK(p.handler.frames.size() == 1);
  CHECK(p.handler.closed == std::vector<errc>{errc::connection_lost});
}

TEST_CASE("a paused connection hands over nothing, and goes on where it stopped") {
  pair p;
  p.handler.then = [&](const protocol::frame&) { p.connection->pause_reading(); };
  p.connection->start(p.handler);
  p.say(frame(1, 1) + frame(2, 2) + frame(3, 3));
  p.run_until([&] { return !p.handler.frames.empty(); });
  p.run_what_is_ready();
  CHECK(p.handler.frames.size() == 1);

  p.connection->resume_reading();
  CHECK(p.handler.frames.size() == 1);  // never from inside a call
  p.run_what_is_ready();
  CHECK(p.handler.frames.size() == 2);

  p.handler.then = nullptr;
  p.connection->resume_reading();
  p.connection->resume_reading();
  p.run_what_is_ready();
  CHECK(p.handler.frames == std::vector<bytes>{frame(1, 1), frame(2, 2), frame(3, 3)});

  p.say(frame(4, 4));
  p.run_until([&] { return p.handler.frames.size() == 4; });
}

TEST_CASE("a pause between frames keeps what comes in the kernel") {
  pair p;
  p.connection->start(p.handler);
  p.connection->pause_reading();
  p.say(frame(1));
  p.run_until([&] { return p.peer.available() == 0; });
  p.run_what_is_ready();
  CHECK(p.handler.frames.empty());
  p.connection->resume_reading();
  p.run_until([&] { return !p.handler.frames.empty(); });
}

}  // namespace wardline::net
