#include "common/crypto/random.hpp"

#include <algorithm>
#include <set>

#include "common/crypto/constant_time.hpp"
#include "common/crypto/sha256.hpp"
#include "tests/support/catch.hpp"

namespace wardline::crypto {
namespace {

TEST_CASE("the system's randomness does not repeat") {
  system_random random;
  std::set<bytes> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto value = random.make_secret<32>();
    seen.insert(to_bytes(value.view()));
  }
  CHECK(seen.size() == 1000);
  CHECK(random.make<digest>() != random.make<digest>());
}

TEST_CASE("the system's randomness fills all that is asked for") {
  system_random random;
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
    // A byte that stays 0 forty times is one that is left out.
    bytes any(size);
    for (int i = 0; i < 40; ++i) {
      bytes value(size);
      random.fill(value);
      for (std::size_t k = 0; k < size; ++k) any[k] |= value[k];
    }
    CHECK(std::all_of(any.begin(), any.end(), [](byte b) { return b != 0; }));
  }
  random.fill({});
}

TEST_CASE("comparison in constant time is comparison") {
  const bytes a{1, 2, 3, 4};
  CHECK(equal_in_constant_time(a, bytes{1, 2, 3, 4}));
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto b = a;
    b[i] ^= 0x80U;
    CHECK_FALSE(equal_in_constant_time(a, b));
  }
  CHECK_FALSE(equal_in_constant_time(a, bytes{1, 2, 3}));
  CHECK_FALSE(equal_in_constant_time(a, {}));
  CHECK(equal_in_constant_time({}, {}));
}

}  // namespace
}  // namespace wardline::crypto
