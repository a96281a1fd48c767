#pragma once

#include <memory>
#include <vector>

#include "bench/primitives/plain_group.hpp"
#include "bench/report/report.hpp"
#include "bench/settings.hpp"
#include "common/crypto/identity.hpp"

namespace wardline::bench::primitives {

/// A text of 256 B, signed and sealed under the group key, as a frame that is ready to be sent.
/// The others sign and seal the same fields by their own means, keying the cipher each time as we
/// do.
void measure_broadcast(const crypto::own_identity& self,
                       const std::vector<std::unique_ptr<plain_signer>>& others,
                       const settings& how, report& out);

}  // namespace wardline::bench::primitives
