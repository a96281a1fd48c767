#pragma once

#include <string_view>

#include "bench/fanout/broker_reader.hpp"

/// As much of NATS' client protocol as a receiver and a publisher need
/// (https://docs.nats.io/reference/reference-protocols/nats-protocol).
namespace wardline::bench::nats {

/// CONNECT: nothing is acknowledged ("verbose":false). It answers the server's INFO; where the
/// server wants TLS, that comes between the two.
bytes connect(bool over_tls);

/// SUB.
bytes subscribe(std::string_view subject);

/// PUB.
bytes publish(std::string_view subject, byte_view payload);

bytes ping();
bytes pong();

/// INFO is `greeted`. A -ERR is an error.
class reader final : public broker_reader {
 protected:
  result<std::size_t> take_one(byte_view from, const listener& tell) override;
};

}  // namespace wardline::bench::nats
