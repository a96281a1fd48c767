#pragma once

#include <optional>

#include "bench/fanout/contestant.hpp"
#include "bench/harness/gateway.hpp"
#include "bench/harness/patient_crowd.hpp"
#include "bench/settings.hpp"

namespace wardline::bench {

/// One in so many of the simulated patients verifies a broadcast's signature: ten of them, but no
/// more than one in a hundred.
std::size_t verify_one_in(std::size_t patients);

/// Ours: the gateway, told by an operator's command to send a broadcast to all who are present.
/// What is measured is everything from the command on: the rows in the outbox, sealing and signing,
/// each send, decryption by each patient. The CPU time includes each patient's receipt, checked and
/// on disk.
class wardline_contestant final : public contestant {
 public:
  explicit wardline_contestant(const settings& how);

  std::string name() const override;
  void connect(std::size_t n) override;
  delivery broadcast(byte_view text) override;

 private:
  std::string program_;
  crypto::group_id group_;
  std::optional<gateway> server_;
  std::optional<patient_crowd> crowd_;
  std::size_t receivers_ = 0;
};

}  // namespace wardline::bench
