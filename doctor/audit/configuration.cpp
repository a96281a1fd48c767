#include "doctor/audit/configuration.hpp"

#include <fmt/format.h>

namespace wardline::doctor::audit {

std::string text_of(const config& s) {
  const auto& a = s.admission;
  return fmt::format(
      "clock_window={} handshake_timeout={} heartbeat={} token_lifetime={} chain_lifetime={} "
      "waiting_time={} waiting_places={} waiting_places_per_source={} block_time={} "
      "max_connections={} max_per_source={} handshake_rate={} handshake_burst={} "
      "handshake_queue={} max_failures={} failure_window={} close_time={} crypto_workers={} "
      "max_queue={} resend_after={} overdue_after={} on_overdue={}",
      s.clock_window.count(), s.handshake_deadline.count(), s.heartbeat.count(),
      s.token_lifetime.count(), s.chain_lifetime.count(), s.waiting.time.count(), s.waiting.places,
      s.waiting.places_per_source, s.verifier_block.count(), a.connections,
      a.connections_per_source, a.handshakes_per_second, a.handshake_burst, a.queue, a.failures,
      a.failure_window.count(), a.close_for.count(), s.crypto_workers, s.max_queued_bytes,
      s.resend_after.count(), s.overdue_after.count(), s.on_overdue.string());
}

}  // namespace wardline::doctor::audit
