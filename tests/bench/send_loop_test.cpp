#include "bench/fanout/send_loop.hpp"

#include "tests/support/catch.hpp"

namespace wardline::bench {

TEST_CASE("the bare send loop delivers each message to all of its receivers") {
  const auto writers = GENERATE(1U, 2U);
  send_loop loop(100, writers);
  loop.connect(21);
  for (const std::size_t size : {256U, 1U, 60'000U}) {
    const auto d = loop.broadcast(bytes(size));
    CHECK(d.last_ms > 0);
    CHECK(d.cpu_us > 0);
  }
}

TEST_CASE("the bare send loop serves a thousand") {
  send_loop loop(0);
  loop.connect(1000);
  CHECK(loop.broadcast(bytes(256)).last_ms > 0);
}

}  // namespace wardline::bench
