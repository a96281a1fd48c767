#include <fmt/format.h>

#include "bench/fanout/broker.hpp"
#include "bench/fanout/nats.hpp"

namespace wardline::bench {
namespace {

constexpr std::string_view subject = "all";

class nats_broker final : public broker {
 public:
  std::string name() const override { return "NATS"; }
  std::string program() const override { return "nats-server"; }

  std::string configuration(std::uint16_t port,
                            const std::optional<certificate_files>& tls) const override {
    // With its usual two seconds, it would hang up on whom a busy machine makes wait; with its
    // usual ping every two minutes, some deliveries would pay for pings.
    auto out = fmt::format(
        "listen: \"127.0.0.1:{}\"\n"
        "max_connections: 1000000\n"
        "ping_interval: \"1h\"\n"
        "write_deadline: \"60s\"\n",
        port);
    if (tls) {
      out += fmt::format("tls {{\n  cert_file: \"{}\"\n  key_file: \"{}\"\n  timeout: 60\n}}\n",
                         tls->certificate.string(), tls->key.string());
    }
    return out;
  }

  bool speaks_first() const override { return true; }
  std::unique_ptr<broker_reader> make_reader() const override {
    return std::make_unique<nats::reader>();
  }
  bytes sign_in(std::size_t, bool receives, bool over_tls) const override {
    auto out = nats::connect(over_tls);
    if (receives) append(out, nats::subscribe(subject));
    append(out, nats::ping());
    return out;
  }
  bytes publication(byte_view text) const override { return nats::publish(subject, text); }
  bytes pong() const override { return nats::pong(); }
  // It measures each client's round trip about two seconds after the connection.
  std::chrono::milliseconds ping_after_sign_in() const override {
    return std::chrono::milliseconds(5'000);
  }
};

}  // namespace

std::unique_ptr<broker> nats_server() { return std::make_unique<nats_broker>(); }

}  // namespace wardline::bench
