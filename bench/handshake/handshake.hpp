#pragma once

#include "bench/report/report.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// What a sign-in costs the doctor's processor, full and resumed, in each group; beside it TLS 1.3
/// with mutual authentication. Both ends are in this process and nothing goes over a socket.
void run_handshake(const settings& how, report& out);

}  // namespace wardline::bench
