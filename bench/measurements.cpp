#include "bench/measurements.hpp"

#include "bench/fanout/fanout.hpp"
#include "bench/handshake/handshake.hpp"
#include "bench/ledger/ledger.hpp"
#include "bench/memory/memory.hpp"
#include "bench/primitives/primitives.hpp"
#include "bench/scaling/scaling.hpp"
#include "bench/soak/soak.hpp"
#include "bench/storm/storm.hpp"

namespace wardline::bench {

const std::vector<measurement>& measurements() {
  static const std::vector<measurement> all{
      {"primitives", "Each cryptographic operation, beside Crypto++, OpenSSL and libsodium",
       run_primitives},
      {"handshake", "A sign-in, full and resumed: the doctor's CPU time, beside TLS 1.3",
       run_handshake},
      {"storm", "Many sign in at once, full and resumed", run_storm},
      {"fanout", "One message to many who are connected, beside others", run_fanout},
      {"ledger", "What a row on disk for each recipient adds to a broadcast", run_ledger},
      {"memory", "What an idle session costs the gateway in memory", run_memory},
      {"soak", "Patients come, go and write for minutes: nothing is lost, and memory stays",
       run_soak, false},
      {"scaling", "What each thing costs as the number of patients grows", run_scaling, false},
      // {"name", "What --help says of it", run_name},
  };
  return all;
}

}  // namespace wardline::bench
