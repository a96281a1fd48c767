#include "protocol/session/nonce_cache.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;

namespace {

handshake_nonce nonce(std::uint64_t n) {
  handshake_nonce out;
  const auto number = big_endian<8>(n);
  std::copy(number.begin(), number.end(), out.value.begin());
  return out;
}

}  // namespace

TEST_CASE("a nonce is remembered up to and including its last moment") {
  nonce_cache cache(8);
  CHECK(cache.insert(nonce(1), 100, 160));
  CHECK(cache.contains(nonce(1), 160));
  CHECK_FALSE(cache.insert(nonce(1), 160, 220));
  CHECK_FALSE(cache.contains(nonce(1), 161));
  CHECK_FALSE(cache.contains(nonce(2), 100));
}

TEST_CASE("an expired nonce can be inserted anew and is remembered anew") {
  nonce_cache cache(8);
  CHECK(cache.insert(nonce(1), 100, 160));
  CHECK(cache.insert(nonce(1), 161, 221));
  CHECK(cache.contains(nonce(1), 221));
  CHECK_FALSE(cache.insert(nonce(1), 200, 260));
}

TEST_CASE("when the cache is full the oldest entry gives way") {
  nonce_cache cache(3);
  for (std::uint64_t n = 1; n <= 4; ++n) CHECK(cache.insert(nonce(n), 100 + n, 1000));
  CHECK_FALSE(cache.contains(nonce(1), 110));
  for (std::uint64_t n = 2; n <= 4; ++n) CHECK(cache.contains(nonce(n), 110));
  CHECK(cache.insert(nonce(1), 110, 1000));
  CHECK_FALSE(cache.contains(nonce(2), 110));
}

TEST_CASE("expired entries make room before any that is remembered") {
  nonce_cache cache(2);
  CHECK(cache.insert(nonce(1), 0, 10));
  CHECK(cache.insert(nonce(2), 5, 1000));
  CHECK(cache.insert(nonce(3), 20, 1000));
  CHECK(cache.contains(nonce(2), 20));
  CHECK(cache.contains(nonce(3), 20));
}

TEST_CASE("a clock that jumps leaves the cache right") {
  nonce_cache cache(4);
  CHECK(cache.insert(nonce(1), 10'000, 20'000));
  CHECK(cache.insert(nonce(2), 100, 200));  // back: expires before the one in front of it
  CHECK_FALSE(cache.contains(nonce(2), 201));
  CHECK(cache.insert(nonce(2), 201, 300));
  CHECK(cache.contains(nonce(1), 201));
  for (std::uint64_t n = 3; n <= 20; ++n) CHECK(cache.insert(nonce(n), 250, 300));
  CHECK(cache.contains(nonce(20), 250));
}

TEST_CASE("a cache without capacity remembers nothing") {
  nonce_cache cache(0);
  CHECK(cache.insert(nonce(1), 0, 10));
  CHECK(cache.insert(nonce(1), 0, 10));
}

TEST_CASE("of threads that insert the same nonce exactly one wins") {
  constexpr std::uint64_t nonces = 2000;
  constexpr unsigned threads = 4;
  nonce_cache cache(nonces);
  std::vector<std::atomic<int>> winners(nonces);
  std::atomic<unsigned> ready{0};
  std::vector<std::thread> running;
  for (unsigned t = 0; t < threads; ++t) {
    running.emplace_back([&] {
      ++ready;
      while (ready < threads) std::this_thread::yield();
      for (std::uint64_t n = 0; n < nonces; ++n) {
        if (cache.insert(nonce(n), 0, 10)) ++winners[n];
      }
    });
  }
  for (auto& thread : running) thread.join();
  CHECK(std::all_of(winners.begin(), winners.end(), [](const auto& w) { return w == 1; }));
}
