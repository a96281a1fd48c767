#include "common/util/bytes.hpp"

#include "common/util/clock.hpp"
#include "common/util/error.hpp"
#include "common/util/fixed_bytes.hpp"
#include "tests/support/catch.hpp"

namespace wardline {
namespace {

TEST_CASE("integers are big-endian") {
  CHECK(big_endian<4>(0x01020304) == byte_array<4>{1, 2, 3, 4});
  CHECK(big_endian<8>(UINT64_MAX) == byte_array<8>{255, 255, 255, 255, 255, 255, 255, 255});
  CHECK(big_endian<2>(0x010203) == byte_array<2>{2, 3});
  CHECK(from_big_endian<3>(bytes{1, 2, 3, 4}) == 0x010203);
  CHECK(from_big_endian<8>(bytes{0x80, 0, 0, 0, 0, 0, 0, 1}) == 0x8000000000000001U);
}

TEST_CASE("fixed bytes are made of exactly as many") {
  using four = fixed_bytes<struct four_tag, 4>;
  CHECK(four::from(bytes{1, 2, 3, 4})->value == byte_array<4>{1, 2, 3, 4});
  CHECK_FALSE(four::from(bytes{1, 2, 3}).has_value());
  CHECK_FALSE(four::from(bytes{1, 2, 3, 4, 5}).has_value());
  CHECK(four{{1, 2, 3, 4}} < four{{1, 2, 4, 0}});
}

TEST_CASE("times neither wrap nor go below zero") {
  CHECK(distance(3, 10) == 7);
  CHECK(distance(10, 3) == 7);
  CHECK(distance(0, UINT64_MAX) == UINT64_MAX);
  CHECK(saturating_add(3, 4) == 7);
  CHECK(saturating_add(UINT64_MAX - 1, 1) == UINT64_MAX);
  CHECK(saturating_add(UINT64_MAX, 2) == UINT64_MAX);
}

TEST_CASE("every error has one name and words, and survives being a code") {
  for (int i = 0; i <= static_cast<int>(errc::unavailable); ++i) {
    const auto e = static_cast<errc>(i);
    CHECK_FALSE(name(e).empty());
    CHECK_FALSE(describe(e).empty());
    CHECK(to_errc(make_error_code(e)) == e);
    for (int k = 0; k < i; ++k) CHECK(name(static_cast<errc>(k)) != name(e));
  }
  CHECK(name(errc::wrong_proof) == "wrong_proof");
  CHECK(name(errc::unavailable) == "unavailable");
  CHECK_FALSE(make_error_code(errc::ok).failed());
  CHECK(to_errc(make_error_code(boost::system::errc::no_space_on_device)) == errc::unavailable);
}

}  // namespace
}  // namespace wardline
