#include "common/net/framed_connection.hpp"

#include <functional>
#include <string>
#include <vector>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "tests/support/catch.hpp"

namespace wardline::net {
namespace {

namespace asio = boost::asio;
using protocol::frame_type;

class manual_clock final : public clock {
 public:
  unix_ms now() const override { return 0; }
  std::chrono::steady_clock::time_point steady() const override { return time; }
  std::chrono::steady_clock::time_point time{};
};

class recorder final : public connection_handler {
 public:
  void on_frame(const protocol::frame& f) override {
    frames.push_back(to_bytes(f.whole));
    if (then) then(f);
  }
  void on_closed(errc cause) override { closed.push_back(cause); }

  std::vector<bytes> frames;
  std::vector<errc> closed;
  std::function<void(const protocol::frame&)> then;
};

// A connection of ours and a plain socket, blocking, at the other end of it.
struct pair {
  explicit pair(write_bounds bounds = {}, int buffer = 0) {
    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    if (buffer != 0) peer.open(tcp::v4());
    if (buffer != 0) peer.set_option(asio::socket_base::receive_buffer_size(buffer));
    peer.connect(acceptor.local_endpoint());
    tcp::socket socket = acceptor.accept();
    if (buffer != 0) socket.set_option(asio::socket_base::send_buffer_size(buffer));
    connection = framed_connection::make(std::move(socket), time, bounds);
  }

  void say(const bytes& data) { asio::write(peer, asio::buffer(data)); }

  // Everything until the peer sees the end.
  bytes heard() {
    bytes all;
    boost::system::error_code ec;
    asio::read(peer, asio::dynamic_buffer(all), ec);
    CHECK(ec == asio::error::eof);
    return all;
  }

  // Turns the loop until `is_so`; the test's own timeout is the only deadline.
  void run_until(const std::function<bool()>& is_so) {
    while (!is_so()) {
      context.restart();
      context.run_one();
    }
  }
  void run_what_is_ready() {
    context.restart();
    context.poll();
  }

  asio::io_context context;
  manual_clock time;
  recorder handler;
  tcp::socket peer{context};
  std::shared_ptr<framed_connection> connection;
};

bytes frame(std::size_t body, byte fill = 0) {
  return protocol::encode_frame(frame_type::auth_request, bytes(body, fill));
}

bytes operator+(bytes a, const bytes& b) {
  append(a, b);
  return a;
}

}  // namespace

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

TEST_CASE("a thousand frames arrive in order") {
  pair p;
  p.connection->start(p.handler);
  bytes expected;
  for (int i = 0; i < 1000; ++i) {
    const bytes f = frame(static_cast<std::size_t>(i % 300), static_cast<byte>(i));
    append(expected, f);
    p.connection->send(f);
  }
  CHECK(p.connection->queued_bytes() == expected.size());
  p.run_until([&] { return p.connection->queued_bytes() == 0; });
  p.connection->close();
  CHECK(p.heard() == expected);
}

TEST_CASE("a backlog larger than the kernel's buffers arrives whole") {
  pair p({std::size_t{8} << 20U, 4096}, 4096);
  p.connection->start(p.handler);
  const auto shared = std::make_shared<const bytes>(frame(60'000, 9));
  bytes expected;
  for (int i = 0; i < 100; ++i) {
    p.connection->send(shared);
    append(expected, *shared);
  }
  bytes got;
  p.peer.non_blocking(true);
  bytes piece(100'000);
  while (got.size() < expected.size()) {
    p.run_what_is_ready();
    boost::system::error_code ec;
    const auto n = p.peer.read_some(asio::buffer(piece), ec);
    append(got, byte_view(piece).first(n));
    REQUIRE((!ec || ec == asio::error::would_block));
  }
  CHECK(got == expected);
  p.run_until([&] { return p.connection->queued_bytes() == 0; });
  CHECK(shared.use_count() == 1);
}

TEST_CASE("a peer that does not read is disconnected, and told so later") {
  pair p({100'000, 4096}, 4096);
  p.connection->start(p.handler);
  int sent = 0;
  while (p.connection->is_open()) {
    p.connection->send(frame(8000));
    CHECK(p.handler.closed.empty());
    CHECK(p.connection->queued_bytes() <= 100'000);
    if (++sent % 5 == 0) p.run_what_is_ready();
    REQUIRE(sent < 10'000);
  }
  p.connection->send(frame(1));
  p.run_until([&] { return !p.handler.closed.empty(); });
  p.run_what_is_ready();
  CHECK(p.handler.closed == std::vector<errc>{errc::busy});
}

TEST_CASE("a stalled write is known since when") {
  pair p({std::size_t{8} << 20U, 4096}, 4096);
  p.connection->start(p.handler);
  CHECK_FALSE(p.connection->write_stalled_since().has_value());
  p.time.time += seconds(5);
  const auto begin = p.time.time;
  for (int i = 0; i < 100; ++i) p.connection->send(frame(60'000));
  p.run_what_is_ready();
  p.time.time += seconds(7);
  p.run_what_is_ready();
  CHECK(p.connection->write_stalled_since() == begin);
  CHECK(p.connection->last_sent() == begin);
}

TEST_CASE("the time of the last bytes is known") {
  pair p;
  p.connection->start(p.handler);
  p.time.time += seconds(3);
  p.say({0});
  p.run_until([&] { return p.connection->last_received() == p.time.time; });
  CHECK(p.connection->last_sent() != p.time.time);
}

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
