#pragma once

#include "bench/primitives/plain_group.hpp"
#include "bench/report/report.hpp"
#include "bench/settings.hpp"
#include "common/crypto/suite.hpp"

namespace wardline::bench::primitives {

/// p of a group of RFC 7919.
byte_view prime_of(crypto::group_id ffdhe);

/// dh with the peer's key and with the generator, both with a short exponent as the protocol's
/// ephemerals have it, the same for everybody; and the check that an element is of order q.
void measure_modular_exponentiations(crypto::group_id ffdhe, const settings& how, report& out);

/// The same in ristretto255.
void measure_curve_exponentiations(const settings& how, report& out);

}  // namespace wardline::bench::primitives
