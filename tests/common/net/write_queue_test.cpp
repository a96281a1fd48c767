#include "common/net/write_queue.hpp"

#include <array>
#include <string>

#include "tests/support/catch.hpp"

namespace wardline::net {
namespace {

std::shared_ptr<const bytes> frame(std::string_view text) {
  return std::make_shared<const bytes>(text.begin(), text.end());
}

template <std::size_t N>
std::string gathered(const write_queue& queue) {
  std::array<boost::asio::const_buffer, N> buffers;
  std::string out;
  const std::size_t count = queue.gather(buffers);
  for (std::size_t i = 0; i < count; ++i) {
    out += "|";
    out.append(static_cast<const char*>(buffers[i].data()), buffers[i].size());
  }
  return out;
}

}  // namespace

TEST_CASE("a write takes up where the last one stopped, in the middle of a frame") {
  write_queue queue({});
  for (const auto* text : {"abc", "de", "", "fghi"}) CHECK(queue.push(frame(text)));
  CHECK(queue.bytes() == 9);
  CHECK(gathered<8>(queue) == "|abc|de|fghi");
  CHECK(gathered<2>(queue) == "|abc|de");
  queue.consume(4);
  CHECK(gathered<8>(queue) == "|e|fghi");
  queue.consume(1);
  CHECK(gathered<8>(queue) == "|fghi");
  CHECK(queue.push(frame("j")));
  queue.consume(2);
  CHECK(gathered<8>(queue) == "|hi|j");
  queue.consume(3);
  CHECK(queue.empty());
  CHECK(gathered<8>(queue).empty());
}

TEST_CASE("a frame that would pass a bound is not queued") {
  SECTION("bytes") {
    write_queue queue({10, 100});
    CHECK(queue.push(frame("123456")));
    CHECK_FALSE(queue.push(frame("12345")));
    CHECK(queue.push(frame("1234")));
    CHECK_FALSE(queue.push(frame("1")));
    queue.consume(5);
    CHECK(queue.push(frame("12345")));
  }
  SECTION("frames") {
    write_queue queue({1000, 2});
    CHECK(queue.push(frame("a")));
    CHECK(queue.push(frame("b")));
    CHECK_FALSE(queue.push(frame("c")));
    queue.consume(1);
    CHECK(queue.push(frame("c")));
    CHECK(gathered<8>(queue) == "|b|c");
  }
}

TEST_CASE("a frame for many exists once and is let go when it is written") {
  const auto shared = frame("news");
  write_queue one({});
  write_queue other({});
  CHECK(one.push(shared));
  CHECK(other.push(shared));
  CHECK(shared.use_count() == 3);
  one.consume(4);
  CHECK(shared.use_count() == 2);
  other.clear();
  CHECK(shared.use_count() == 1);
}

}  // namespace wardline::net
