#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

#include "bench/harness/gateway.hpp"
#include "bench/harness/patient_crowd.hpp"

namespace wardline::bench {

/// Honest patients who are there before a storm and have no part in it: in a thread of their own,
/// as in life on machines of their own.
class bystanders {
 public:
  /// `server` does not run yet; it must outlive this.
  bystanders(gateway& server, crypto::group_id group);
  ~bystanders() { end(); }

  std::vector<crypto::identity> identities() const { return crowd_.identities(); }
  static constexpr std::size_t count = 100;

  /// All sign in. The gateway runs.
  void come();
  void go() { crowd_.close_all(); }

  /// Milliseconds from the order to broadcast until the last of them has it, decrypted.
  double broadcast();

  /// Broadcasts, one a tenth of a second after the other, until `end`: what each took.
  void begin();
  std::vector<double> end();

 private:
  gateway& server_;
  patient_crowd crowd_;
  std::atomic<bool> is_over_ = false;
  std::vector<double> took_;
  std::exception_ptr why_;
  std::thread thread_;
};

}  // namespace wardline::bench
