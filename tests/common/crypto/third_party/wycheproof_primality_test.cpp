#include <nlohmann/json.hpp>

#include "tests/common/crypto/third_party/third_party_vectors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/primality.hpp"
#include "tests/support/vectors.hpp"

namespace wardline::test {
namespace {

// The programs never test a number: their primes are those of RFC 7919. The tests do, to see that
// these are primes and safe, and must not be deceived themselves.
TEST_CASE("the test for primes is deceived by no number of Wycheproof", "[vectors]") {
  tally count("Wycheproof primality");
  const auto file = wycheproof("primality_test.json", count);
  if (!file) return;
  for (const auto& group : file->at("testGroups")) {
    for (const auto& one : group.at("tests")) {
      INFO("tcId " << one.at("tcId") << ", " << one.at("flags") << ", " << one.at("comment"));
      const auto n = hex(one.at("value"));
      // These are in two's complement, and we have no negative numbers.
      REQUIRE_FALSE(n.empty());
      if ((n.front() & 0x80U) != 0) {
        count.skip();
        continue;
      }
      count.run();
      CHECK(is_probable_prime(n) == is_valid(one));
    }
  }
  CHECK(count.total() == file->at("numberOfTests").get<std::size_t>());
}

}  // namespace
}  // namespace wardline::test
