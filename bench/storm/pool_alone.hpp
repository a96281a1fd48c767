#pragma once

#include <cstddef>

#include "common/crypto/suite.hpp"

namespace wardline::bench {

/// Full sign-ins a second when there are no sockets and no disk: the patients' halves in this
/// thread, their requests made before the clock runs, and the doctor's as the gateway has them:
/// its machines in one thread, its computations in its crypto pool. Throws `failure` if one does
/// not end well.
double pool_alone(crypto::group_id group, std::size_t sign_ins);

}  // namespace wardline::bench
