#include "bench/measurements.hpp"

#include "bench/handshake/handshake.hpp"
#include "bench/primitives/primitives.hpp"

namespace wardline::bench {

const std::vector<measurement>& measurements() {
  static const std::vector<measurement> all{
      {"primitives", "Each cryptographic operation, beside Crypto++, OpenSSL and libsodium",
       run_primitives},
      {"handshake", "A sign-in, full and resumed: the doctor's CPU time, beside TLS 1.3",
       run_handshake},
      // {"name", "What --help says of it", run_name},
  };
  return all;
}

}  // namespace wardline::bench
