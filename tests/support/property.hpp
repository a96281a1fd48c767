#pragma once

#include <rapidcheck.h>
#include <string>

#include "common/util/fixed_bytes.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/support/catch.hpp"

namespace wardline::test {

/// Tries `p` on `cases` random inputs; the Catch2 test fails with the smallest input that breaks it
/// and the RC_PARAMS by which that comes again.
void try_property(const rc::detail::Property& p, int cases);

/// In a property it is RC_ASSERT that asserts. The parameters of `testable` are generated.
///
/// All randomness comes from RapidCheck's generators, so that a seed is enough to repeat a case.
/// The environment variable RC_PARAMS has a seed, and a max_success to be used instead of `cases`:
/// RC_PARAMS="seed=1 max_success=5000".
template <class Testable>
void property(Testable&& testable, int cases = 100) {
  try_property(rc::detail::toProperty(std::forward<Testable>(testable)), cases);
}

/// Any bytes of this length.
inline rc::Gen<bytes> bytes_of(std::size_t size) {
  return rc::gen::container<bytes>(size, rc::gen::arbitrary<byte>());
}
/// Any bytes, at most so many.
rc::Gen<bytes> bytes_up_to(std::size_t most);

/// Well-formed UTF-8 of at most so many bytes: letters, control characters, all planes.
rc::Gen<std::string> text_up_to(std::size_t most);

/// A valid id of section 3.
rc::Gen<std::string> any_id();

/// What a hostile or a broken line does to bytes: some are changed, put in, taken out, repeated, or
/// the end is cut off. Mostly a small change; sometimes none.
bytes damaged(const bytes& original);

}  // namespace wardline::test

namespace wardline {

/// How RapidCheck shows them.
template <class Tag, std::size_t N>
void showValue(const fixed_bytes<Tag, N>& x, std::ostream& out) {
  out << to_hex(x.view());
}

}  // namespace wardline

template <class Tag, std::size_t N>
struct rc::Arbitrary<wardline::fixed_bytes<Tag, N>> {
  static Gen<wardline::fixed_bytes<Tag, N>> arbitrary() {
    return gen::map(wardline::test::bytes_of(N), [](const wardline::bytes& value) {
      return *wardline::fixed_bytes<Tag, N>::from(value);
    });
  }
};
