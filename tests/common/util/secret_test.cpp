#include "common/util/secret.hpp"

#include <algorithm>
#include <new>
#include <type_traits>

#include "tests/support/catch.hpp"

namespace wardline {
namespace {

secret<32> filled(byte with) {
  byte_array<32> raw;
  raw.fill(with);
  return secret<32>(raw);
}

bool holds(byte_view data, byte what) {
  return std::all_of(data.begin(), data.end(), [what](byte b) { return b == what; });
}

template <class T>
concept comparable = requires(const T& a, const T& b) {
  a == b;
};

TEST_CASE("a secret is moved and never copied or compared") {
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<secret<32>>);
  STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<secret<32>>);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<secret<32>>);
  STATIC_REQUIRE_FALSE(comparable<secret<32>>);
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<secret_bytes>);
  STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<secret_bytes>);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<secret_bytes>);
  STATIC_REQUIRE_FALSE(comparable<secret_bytes>);
}

TEST_CASE("a secret begins as zeros") { CHECK(holds(secret<32>().view(), 0)); }

TEST_CASE("a secret that was moved from is zero") {
  auto from = filled(7);
  auto to = std::move(from);
  CHECK(holds(to.view(), 7));
  CHECK(holds(from.view(), 0));  // NOLINT: that is the question

  secret<32> assigned;
  assigned = std::move(to);
  CHECK(holds(assigned.view(), 7));
  CHECK(holds(to.view(), 0));  // NOLINT

  auto& itself = assigned;
  assigned = std::move(itself);
  CHECK(holds(assigned.view(), 7));
}

TEST_CASE("a secret is wiped when it ends") {
  alignas(secret<32>) unsigned char memory[sizeof(secret<32>)];
  auto* const object = new (memory) secret<32>(filled(7));
  REQUIRE(std::count(std::begin(memory), std::end(memory), 7) == 32);
  object->~secret();
  CHECK(std::count(std::begin(memory), std::end(memory), 0) == 32);
}

TEST_CASE("a clone is another secret") {
  auto one = filled(7);
  auto two = one.clone();
  two.writable()[0] = 8;
  CHECK(one.view()[0] == 7);
  CHECK(two.view()[31] == 7);

  secret_bytes many(bytes{1, 2, 3});
  auto copy = many.clone();
  copy.writable()[0] = 8;
  CHECK(to_bytes(many.view()) == bytes{1, 2, 3});
  CHECK(to_bytes(copy.view()) == bytes{8, 2, 3});
}

TEST_CASE("secret bytes that were moved from are empty") {
  secret_bytes from(bytes{1, 2, 3});
  secret_bytes to = std::move(from);
  CHECK(to_bytes(to.view()) == bytes{1, 2, 3});
  CHECK(from.empty());  // NOLINT
  secret_bytes assigned(bytes{9});
  assigned = std::move(to);
  CHECK(assigned.size() == 3);
  CHECK(to.empty());  // NOLINT
}

TEST_CASE("wiping leaves zeros") {
  bytes memory(100, 7);
  wipe(byte_span(memory).subspan(1, 98));
  CHECK(memory.front() == 7);
  CHECK(memory.back() == 7);
  CHECK(holds(byte_view(memory).subspan(1, 98), 0));
  wipe({});
}

}  // namespace
}  // namespace wardline
