#pragma once

#include <algorithm>
#include <exception>
#include <initializer_list>
#include <utility>

#include "common/crypto/random.hpp"
#include "tests/support/catch.hpp"

namespace wardline::test {

/// A random_source that yields the given bytes in order. The test fails if more are taken, and if
/// some are left at the end. For one thread.
class scripted_random final : public crypto::random_source {
 public:
  explicit scripted_random(bytes script) : script_(std::move(script)) {}
  scripted_random(std::initializer_list<byte_view> parts) {
    for (const auto part : parts) append(script_, part);
  }
  scripted_random(const scripted_random&) = delete;
  scripted_random& operator=(const scripted_random&) = delete;
  ~scripted_random() override {
    // A test that is failing already ends early, with bytes left.
    if (std::uncaught_exceptions() == 0) CHECK(left() == 0);
  }

  void fill(byte_span out) override {
    if (out.size() > left()) FAIL("more randomness is taken than the script holds");
    std::copy_n(script_.begin() + static_cast<std::ptrdiff_t>(taken_), out.size(), out.begin());
    taken_ += out.size();
  }

  std::size_t left() const noexcept { return script_.size() - taken_; }

 private:
  bytes script_;
  std::size_t taken_ = 0;
};

/// Nothing but zero bytes: what the signatures of the vectors are made with.
class zero_random final : public crypto::random_source {
 public:
  void fill(byte_span out) override { std::fill(out.begin(), out.end(), byte{0}); }
};

}  // namespace wardline::test
