#include "bench/fanout/mqtt.hpp"

namespace wardline::bench::mqtt {
namespace {

// Section 2.2.1, Table 2.1, with the flags of Section 2.2.2, Table 2.2: the first byte of each
// packet that has no choice in it.
enum first_byte : byte {
  connect_packet = 0x10,
  connack_packet = 0x20,
  publish_packet = 0x30,  // DUP 0, QoS 0, RETAIN 0
  subscribe_packet = 0x82,
  suback_packet = 0x90,
  pingreq_packet = 0xC0,
  pingresp_packet = 0xD0,
};

constexpr std::uint16_t subscription = 1;  // Section 2.3.1: a packet identifier is not 0

void append_text(bytes& to, std::string_view text) {  // Section 1.5.3
  append(to, big_endian<2>(text.size()));
  append(to, as_bytes(text));
}

bytes packet(first_byte first, byte_view body) {
  bytes out{first};
  auto left = body.size();
  do {  // Section 2.2.3: seven bits in a byte, the least significant first
    out.push_back(static_cast<byte>((left & 0x7FU) | (left > 0x7FU ? 0x80U : 0U)));
    left >>= 7U;
  } while (left > 0);
  append(out, body);
  return out;
}

// What a packet has behind its fixed header.
result<void> take_body(byte first, byte_view body, const broker_reader::listener& tell) {
  switch (first) {
    case connack_packet:  // Section 3.2: no session was kept, return code 0
      if (body.size() != 2 || body[0] != 0) return errc::invalid_encoding;
      if (body[1] != 0) return errc::refused;
      return {};
    case suback_packet:  // Section 3.9: the packet identifier, what was granted
      if (body.size() != 3 || from_big_endian<2>(body) != subscription)
        return errc::invalid_encoding;
      if (body[2] != 0) return errc::refused;
      return {};
    case pingresp_packet:  // Section 3.13
      if (!body.empty()) return errc::invalid_encoding;
      tell({broker_event::kind::ponged});
      return {};
    case publish_packet: {  // Section 3.3: at QoS 0 the payload follows the topic
      if (body.size() < 2) return errc::invalid_encoding;
      const auto topic = from_big_endian<2>(body);
      if (body.size() - 2 < topic) return errc::invalid_encoding;
      tell({broker_event::kind::message, body.subspan(2 + topic)});
      return {};
    }
    default:
      return errc::protocol_error;
  }
}

}  // namespace

bytes connect(std::string_view client) {
  constexpr byte level = 4;          // Section 3.1.2.2
  constexpr byte clean_session = 2;  // Section 3.1.2.3
  bytes body;
  append_text(body, "MQTT");
  body.push_back(level);
  body.push_back(clean_session);
  append(body, big_endian<2>(0));  // Section 3.1.2.10: the keep-alive is turned off
  append_text(body, client);
  return packet(connect_packet, body);
}

bytes subscribe(std::string_view topic) {
  bytes body;
  append(body, big_endian<2>(subscription));
  append_text(body, topic);
  body.push_back(0);  // Section 3.8.3: the QoS
  return packet(subscribe_packet, body);
}

bytes publish(std::string_view topic, byte_view payload) {
  bytes body;
  append_text(body, topic);
  append(body, payload);
  return packet(publish_packet, body);
}

bytes ping() { return packet(pingreq_packet, {}); }

result<std::size_t> reader::take_one(byte_view from, const listener& tell) {
  std::size_t size = 0;
  for (std::size_t i = 1; i < from.size(); ++i) {
    if (i > 4) return errc::invalid_encoding;  // Section 2.2.3: four bytes at most
    size |= static_cast<std::size_t>(from[i] & 0x7FU) << (7 * (i - 1));
    if (size > largest_packet) return errc::too_large;
    if ((from[i] & 0x80U) != 0) continue;
    const auto header = i + 1;
    if (from.size() - header < size) return 0;
    const auto taken = take_body(from[0], from.subspan(header, size), tell);
    if (!taken) return taken.error();
    return header + size;
  }
  return 0;
}

}  // namespace wardline::bench::mqtt
