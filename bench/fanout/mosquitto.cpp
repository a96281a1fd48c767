#include <fmt/format.h>

#include "bench/fanout/broker.hpp"
#include "bench/fanout/mqtt.hpp"

namespace wardline::bench {
namespace {

constexpr std::string_view topic = "all";

class mosquitto_broker final : public broker {
 public:
  std::string name() const override { return "mosquitto"; }
  std::string program() const override { return "mosquitto"; }

  std::string configuration(std::uint16_t port,
                            const std::optional<certificate_files>& tls) const override {
    // As root it would turn into a user who cannot read our directory.
    auto out = fmt::format(
        "user root\n"
        "listener {} 127.0.0.1\n"
        "allow_anonymous true\n"
        "max_connections -1\n"
        "persistence false\n"
        "set_tcp_nodelay true\n"
        "log_dest stderr\n"
        "log_type error\n",
        port);
    if (tls) {
      out += fmt::format("certfile {}\nkeyfile {}\ntls_version tlsv1.3\n",
                         tls->certificate.string(), tls->key.string());
    }
    return out;
  }

  bool speaks_first() const override { return false; }
  std::unique_ptr<broker_reader> make_reader() const override {
    return std::make_unique<mqtt::reader>();
  }
  // Section 3.1.4: a client need not wait for CONNACK to go on.
  bytes sign_in(std::size_t number, bool receives, bool) const override {
    auto out = mqtt::connect(fmt::format("bench{}", number));
    if (receives) append(out, mqtt::subscribe(topic));
    append(out, mqtt::ping());
    return out;
  }
  bytes publication(byte_view text) const override { return mqtt::publish(topic, text); }
  bytes pong() const override { return {}; }  // an MQTT server does not ping
  std::chrono::milliseconds ping_after_sign_in() const override { return {}; }
};

}  // namespace

std::unique_ptr<broker> mosquitto() { return std::make_unique<mosquitto_broker>(); }

}  // namespace wardline::bench
