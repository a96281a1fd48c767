#pragma once

#include "common/util/bytes.hpp"

namespace wardline::crypto {

/// Says that what is in this memory may be known to everybody from here on, although it was made
/// from a secret. It does nothing: it marks the places where the specification publishes something,
/// and the test of our timing (tests/timing/ctgrind.cpp), which brings a function of its own in the
/// place of this one, lets code branch on it from then on.
void declassify(byte_view now_public) noexcept;

/// The same for a number, as a value: `if (declassified(x == 0))`.
template <class Number>
Number declassified(Number x) noexcept {
  declassify({reinterpret_cast<const byte*>(&x), sizeof x});
  return x;
}

}  // namespace wardline::crypto
