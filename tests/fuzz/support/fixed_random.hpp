#pragma once

#include "common/crypto/random.hpp"

namespace wardline::fuzz {

/// The same bytes in each run of a target: what it does must follow from the input alone.
class fixed_random final : public crypto::random_source {
 public:
  void fill(byte_span out) override {
    for (auto& b : out) b = static_cast<byte>(++drawn_ * 157U >> 3U);
  }

 private:
  unsigned drawn_ = 0;
};

}  // namespace wardline::fuzz
