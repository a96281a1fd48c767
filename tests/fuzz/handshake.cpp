// Sign-ins in every way that there is but by a token, with the network, both clocks and the
// operator in the input's hands. See support/rehearsal.hpp for what must hold.
#include "tests/fuzz/support/rehearsal.hpp"

WARDLINE_FUZZ_TARGET(in) {
  const auto& paths = wardline::test::all_paths();
  // The last one is resumption, which has a target of its own.
  wardline::fuzz::rehearsal(paths[in.below(paths.size() - 1)], in).run();
}
