#pragma once

#include <cstdint>
#include <optional>

#include "bench/fanout/broker.hpp"
#include "bench/handshake/certificates.hpp"
#include "bench/harness/child_process.hpp"
#include "bench/harness/temporary_directory.hpp"

namespace wardline::bench {

/// A broker's server, running on a port of its own in a directory of its own.
class broker_process {
 public:
  /// Returns when it listens; with TLS if it has `shown` to show. Throws `failure` if the program
  /// is not installed or does not start.
  broker_process(const broker& which, const certificate* shown);

  std::uint16_t port() const noexcept { return port_; }
  double used_cpu_us() const { return process_->used_cpu_us(); }

 private:
  bool start(const broker& which, const std::string& program,
             const std::optional<certificate_files>& tls);

  temporary_directory directory_;
  std::uint16_t port_ = 0;
  std::optional<child_process> process_;
};

}  // namespace wardline::bench
