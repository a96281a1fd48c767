#include "tests/common/net/connected_pair.hpp"

namespace wardline::net {

TEST_CASE("closing after a flush delivers the last frame, though the peer keeps sending") {
  pair p;
  p.connection->start(p.handler);
  bool is_done = false;
  const bytes last = frame(30, 3);
  p.say(bytes(50'000, 0xff));  // unread when we close: a plain close would reset the connection
  p.connection->send(last);
  p.connection->close_after_flush(seconds(60), [&] { is_done = true; });
  p.run_until([&] { return p.connection->queued_bytes() == 0; });
  p.run_what_is_ready();
  p.say(bytes(50'000, 0xff));
  p.run_what_is_ready();
  CHECK_FALSE(is_done);  // it waits for the peer to see the end
  CHECK(p.heard() == last);
  p.peer.close();
  p.run_until([&] { return is_done; });
  CHECK(p.handler.frames.empty());
  CHECK(p.handler.closed.empty());
  p.connection.reset();
  p.context.restart();
  p.context.run();  // no timer is left behind
}

TEST_CASE("a peer that does not close is not waited for beyond the deadline") {
  pair p;
  p.connection->start(p.handler);
  bool is_done = false;
  p.connection->close_after_flush(milliseconds(1), [&] { is_done = true; });
  p.run_until([&] { return is_done; });
  CHECK(p.peer.is_open());
  CHECK(p.handler.closed.empty());
}

TEST_CASE("closing after a flush works from inside on_frame and while paused") {
  pair p;
  bool is_done = false;
  p.handler.then = [&](const protocol::frame&) {
    p.connection->pause_reading();
    p.connection->send(frame(1));
    p.connection->close_after_flush(seconds(60), [&] { is_done = true; });
  };
  p.connection->start(p.handler);
  p.say(frame(0) + frame(0));
  p.run_until([&] { return !p.handler.frames.empty(); });
  p.run_until([&] { return p.connection->queued_bytes() == 0; });
  p.run_what_is_ready();
  CHECK(p.heard() == frame(1));
  p.peer.close();
  p.run_until([&] { return is_done; });
  CHECK(p.handler.frames.size() == 1);
}

TEST_CASE("a peer that closes first ends the wait at once") {
  pair p;
  p.connection->start(p.handler);
  bool is_done = false;
  p.peer.shutdown(tcp::socket::shutdown_send);
  p.connection->send(frame(2));
  p.connection->close_after_flush(seconds(60), [&] { is_done = true; });
  p.run_until([&] { return is_done; });
  CHECK(p.heard() == frame(2));
}

TEST_CASE("nothing is called after close") {
  pair p;
  bool is_done = false;
  SECTION("from outside") {
    p.connection->start(p.handler);
    p.say(frame(0));
    p.connection->close();
  }
  SECTION("from inside on_frame, with more frames behind") {
    p.handler.then = [&](const protocol::frame&) {
      p.connection->close();
      p.connection.reset();
    };
    p.connection->start(p.handler);
    p.say(frame(0) + frame(0) + bytes(20, 0xff));
  }
  SECTION("after the bound was passed") {
    p.connection->start(p.handler);
    for (int i = 0; i < 200; ++i) p.connection->send(frame(8000));
    CHECK_FALSE(p.connection->is_open());
    p.connection->close();
  }
  SECTION("while closing politely") {
    p.connection->start(p.handler);
    p.connection->close_after_flush(seconds(60), [&] { is_done = true; });
    p.connection->close();
  }
  p.context.restart();
  p.context.run();
  CHECK(p.handler.frames.size() <= 1);
  CHECK(p.handler.closed.empty());
  CHECK_FALSE(is_done);
}

TEST_CASE("what the peer said last is heard, though it no longer takes what we say") {
  pair p;
  p.connection->start(p.handler);
  p.connection->send(frame(1));
  p.run_until([&] { return p.connection->queued_bytes() == 0; });
  while (p.peer.available() == 0) {
  }
  p.say(frame(7, 7));
  p.peer.close();  // with our frame unread: the kernel resets the connection
  p.connection->send(frame(2));
  p.connection->send(frame(3));
  p.context.restart();
  p.context.run();
  CHECK(p.handler.frames == std::vector<bytes>{frame(7, 7)});
  CHECK(p.handler.closed == std::vector<errc>{errc::connection_lost});
}

}  // namespace wardline::net
