#pragma once

#include <string>
#include <vector>

#include "bench/harness/temporary_directory.hpp"
#include "common/crypto/random.hpp"
#include "common/util/clock.hpp"
#include "doctor/records/records.hpp"

namespace wardline::bench {

/// All that one broadcast has the gateway write, in its order and in its transactions, on records
/// of its own in a file beside those of the gateway that is measured.
class ledger_work {
 public:
  ledger_work(crypto::group_id group, const std::vector<crypto::identity>& patients);

  struct cost {
    double before_first_byte_ms = 0;  ///< recipients, acceptance with its audit record, the seal
    double after_ms = 0;              ///< "sent", and a receipt of each recipient
  };
  cost broadcast(byte_view text);

 private:
  temporary_directory directory_;
  system_clock time_;
  crypto::system_random random_;
  crypto::own_identity self_;
  doctor::records kept_;
};

}  // namespace wardline::bench
