#pragma once

#include "protocol/constants.hpp"
#include "tests/fuzz/support/input.hpp"

namespace wardline::fuzz {

/// `honest` changed as `mutated` does; often with the length in its header made right again, or the
/// frame would get no further than the decoder.
inline bytes mutated_frame(const bytes& honest, input& in) {
  const bool fix_length = in.number() % 4 != 3;
  auto out = mutated(honest, in);
  if (fix_length && out.size() >= protocol::header_size) {
    const auto length = big_endian<4>(out.size() - 4);
    std::copy(length.begin(), length.end(), out.begin());
  }
  return out;
}

}  // namespace wardline::fuzz
