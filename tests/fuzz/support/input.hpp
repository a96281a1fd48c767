#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>

#include "common/util/bytes.hpp"

/// What every fuzz target is written with. A target's entry takes an `input` and says with `must`
/// what holds whatever the input is.
namespace wardline::fuzz {

/// Standard error as it was before libFuzzer closed it to the product (-close_fd_mask).
inline const int report_to = ::dup(STDERR_FILENO);

/// libFuzzer takes the abort for a finding.
inline void must(bool holds, const char* claim) {
  if (holds) return;
  ::dprintf(report_to, "fuzz: does not hold: %s\n", claim);
  std::abort();
}

/// The bytes of libFuzzer as a string of decisions. Beyond the end all are 0, which each target
/// takes for the ordinary course of things: what follows from the empty input is a valid exchange.
class input {
 public:
  input(const byte* data, std::size_t size) : rest_(data, size) {}

  bool ended() const noexcept { return rest_.empty(); }

  byte number() {
    if (rest_.empty()) return 0;
    const byte x = rest_.front();
    rest_ = rest_.subspan(1);
    return x;
  }
  /// Below `bound`.
  std::size_t below(std::size_t bound) { return bound == 0 ? 0 : number() % bound; }
  std::size_t wide() {
    const std::size_t high = number();
    return high << 8U | number();
  }
  byte_view take(std::size_t at_most) {
    const auto out = rest_.first(std::min(at_most, rest_.size()));
    rest_ = rest_.subspan(out.size());
    return out;
  }
  byte_view rest() { return take(rest_.size()); }

 private:
  byte_view rest_;
};

/// `honest` with one change that the input chooses: bits of a byte, its end cut off, bytes added,
/// taken out, put in, or written over. It may come out the same.
inline bytes mutated(bytes honest, input& in) {
  const auto how = in.below(6);
  const auto at = honest.empty() ? 0 : in.wide() % honest.size();
  const auto place = honest.begin() + static_cast<std::ptrdiff_t>(at);
  switch (how) {
    case 0:
      if (!honest.empty()) *place ^= static_cast<byte>(std::max<byte>(in.number(), 1));
      break;
    case 1:
      honest.resize(at);
      break;
    case 2: {
      const auto added = in.take(1 + in.below(32));
      honest.insert(honest.end(), added.begin(), added.end());
      break;
    }
    case 3:
      honest.erase(place, place + static_cast<std::ptrdiff_t>(
                                      std::min(1 + in.below(32), honest.size() - at)));
      break;
    case 4: {
      const auto added = in.take(1 + in.below(32));
      honest.insert(place, added.begin(), added.end());
      break;
    }
    default: {
      const auto over = in.take(std::min(1 + in.below(32), honest.size() - at));
      std::copy(over.begin(), over.end(), place);
      break;
    }
  }
  return honest;
}

}  // namespace wardline::fuzz

/// The target of a file of tests/fuzz.
#define WARDLINE_FUZZ_TARGET(in)                                                        \
  static void run_target(wardline::fuzz::input& in);                                    \
  extern "C" int LLVMFuzzerTestOneInput(const wardline::byte* data, std::size_t size) { \
    wardline::fuzz::input decisions(data, size);                                        \
    run_target(decisions);                                                              \
    return 0;                                                                           \
  }                                                                                     \
  static void run_target(wardline::fuzz::input& in)
