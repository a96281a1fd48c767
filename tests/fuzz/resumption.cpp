// Sign-ins by a token, with the network and both clocks in the input's hands. Without a single
// exponentiation, so that there are many of them. See support/rehearsal.hpp for what must hold.
#include "tests/fuzz/support/rehearsal.hpp"

WARDLINE_FUZZ_TARGET(in) {
  wardline::fuzz::rehearsal(wardline::test::path_named("resumed"), in).run();
}
