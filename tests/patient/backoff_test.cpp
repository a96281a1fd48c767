#include "patient/backoff.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/scripted_random.hpp"

using namespace wardline;
using namespace wardline::test;
using patient::backoff;

namespace {

// Always the same number.
class constant_random final : public crypto::random_source {
 public:
  explicit constant_random(std::uint64_t x) : x_(big_endian<8>(x)) {}
  void fill(byte_span out) override {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = x_[i % x_.size()];
  }

 private:
  byte_array<8> x_;
};

}  // namespace

TEST_CASE("the longest wait doubles with each failure up to the cap, and begins anew") {
  backoff b;
  long most = 500;
  for (int i = 0; i < 12; ++i) {
    // The largest draw: one less than a multiple of the range's size.
    constant_random random(static_cast<std::uint64_t>(most));
    CHECK(b.next(backoff::usual_cap, random).count() == most);
    most = std::min(most * 2, 60'000L);
  }
  b.reset();
  constant_random random(500);
  CHECK(b.next(backoff::usual_cap, random).count() == 500);
}

TEST_CASE("after a hint the cap is 300 seconds") {
  backoff b;
  constant_random random(300'000);
  milliseconds last{0};
  for (int i = 0; i < 30; ++i) {
    last = b.next(backoff::hint_cap, random);
    CHECK(last <= milliseconds(300'000));
  }
  CHECK(last == milliseconds(300'000));
}

TEST_CASE("the wait is drawn from the whole range, zero included") {
  backoff b;
  const auto draw = [&](std::uint64_t x) {
    scripted_random random{byte_view(big_endian<8>(x))};
    b.reset();
    return b.next(backoff::usual_cap, random).count();
  };
  CHECK(draw(0) == 0);
  CHECK(draw(123) == 123);
  CHECK(draw(501) == 0);
}
