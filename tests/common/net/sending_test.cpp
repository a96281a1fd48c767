#include "tests/common/net/connected_pair.hpp"

namespace wardline::net {

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

TEST_CASE("what is sent at once is with the kernel before the loop turns") {
  pair p;
  p.connection->start(p.handler);
  p.connection->send(frame(3, 1));  // waits for the loop
  CHECK(p.peer.available() == 0);
  p.connection->send_at_once(std::make_shared<const bytes>(frame(3, 2)));
  CHECK(p.connection->queued_bytes() == 0);
  bytes got(2 * frame(3).size());
  asio::read(p.peer, asio::buffer(got));
  CHECK(got == frame(3, 1) + frame(3, 2));
  p.run_what_is_ready();
  CHECK(p.peer.available() == 0);
}

TEST_CASE("what the kernel does not take at once follows, in order") {
  pair p({std::size_t{8} << 20U, 4096}, 4096);
  p.connection->start(p.handler);
  bytes expected;
  for (int i = 0; i < 300; ++i) {
    const auto one = frame(8000, static_cast<byte>(i));
    p.connection->send_at_once(std::make_shared<const bytes>(one));
    append(expected, one);
  }
  REQUIRE(p.connection->queued_bytes() > 0);
  bytes got;
  p.peer.non_blocking(true);
  while (got.size() < expected.size()) {
    p.run_what_is_ready();
    bytes piece(65536);
    boost::system::error_code ec;
    piece.resize(p.peer.read_some(asio::buffer(piece), ec));
    append(got, piece);
  }
  CHECK(got == expected);
  CHECK(p.handler.closed.empty());
}

TEST_CASE("a peer that is gone is not told of from inside a sending at once") {
  pair p;
  p.connection->start(p.handler);
  p.peer.set_option(asio::socket_base::linger(true, 0));
  p.peer.close();  // with a reset
  for (int i = 0; i < 3; ++i) p.connection->send_at_once(std::make_shared<const bytes>(frame(3)));
  CHECK(p.handler.closed.empty());
  p.run_until([&] { return !p.handler.closed.empty(); });
  CHECK(p.handler.closed == std::vector{errc::connection_lost});
}

}  // namespace wardline::net
