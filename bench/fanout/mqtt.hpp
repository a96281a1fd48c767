#pragma once

#include <string_view>

#include "bench/fanout/broker_reader.hpp"

/// As much of MQTT 3.1.1 as a receiver and a publisher at QoS 0 need. Section numbers are those of
/// the OASIS Standard of 29 October 2014 (mqtt-v3.1.1-os).
namespace wardline::bench::mqtt {

/// CONNECT (Section 3.1): clean session, no keep-alive, nobody's name. `client`: 1 to 23 letters
/// and digits, another one for each connection.
bytes connect(std::string_view client);

/// SUBSCRIBE (Section 3.8) to one topic at QoS 0.
bytes subscribe(std::string_view topic);

/// PUBLISH (Section 3.3) at QoS 0. Topic and payload together: less than 2 MiB.
bytes publish(std::string_view topic, byte_view payload);

/// PINGREQ (Section 3.12).
bytes ping();

/// CONNACK and SUBACK are not told, a refusal in them is an error.
class reader final : public broker_reader {
 protected:
  result<std::size_t> take_one(byte_view from, const listener& tell) override;
};

}  // namespace wardline::bench::mqtt
