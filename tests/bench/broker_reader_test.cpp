#include <memory>
#include <string>
#include <vector>

#include "bench/fanout/mqtt.hpp"
#include "bench/fanout/nats.hpp"
#include "tests/support/catch.hpp"

namespace wardline::bench {
namespace {

using kind = broker_event::kind;

struct told {
  kind what;
  std::string payload;
  bool operator==(const told&) const = default;
};

struct ear {
  std::vector<told> heard;
  result<void> take(broker_reader& reader, byte_view arrived) {
    return reader.take(arrived, [this](const broker_event& event) {
      heard.push_back({event.what, std::string(as_text(event.payload))});
    });
  }
};

// What a reader makes of the stream in pieces of so many bytes; it must like all of it.
std::vector<told> heard_in_pieces(broker_reader& reader, byte_view stream, std::size_t size) {
  ear listener;
  for (std::size_t i = 0; i < stream.size(); i += size) {
    const auto piece = stream.subspan(i, std::min(size, stream.size() - i));
    REQUIRE(listener.take(reader, piece).has_value());
  }
  return listener.heard;
}

template <class Reader>
errc refusal_of(byte_view stream) {
  Reader reader;
  ear listener;
  const auto outcome = listener.take(reader, stream);
  CHECK(listener.heard.empty());
  return outcome ? errc::ok : to_errc(outcome.error());
}

errc mqtt_refusal(const bytes& stream) { return refusal_of<mqtt::reader>(stream); }
errc nats_refusal(std::string_view text) { return refusal_of<nats::reader>(as_bytes(text)); }

constexpr std::size_t all = 1'000'000;

TEST_CASE("MQTT packets are encoded as the standard has them") {
  CHECK(mqtt::connect("a1") ==
        bytes{0x10, 14, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 2, 'a', '1'});
  CHECK(mqtt::subscribe("all") == bytes{0x82, 8, 0, 1, 0, 3, 'a', 'l', 'l', 0});
  CHECK(mqtt::ping() == bytes{0xC0, 0});
  CHECK(mqtt::publish("t", as_bytes("hi")) == bytes{0x30, 5, 0, 1, 't', 'h', 'i'});

  // Section 2.2.3, Table 2.4: 127 is the most in one byte, 16,383 in two.
  const auto length_of = [](std::size_t size) {
    const auto packet = mqtt::publish("t", bytes(size - 3));
    return bytes(packet.begin() + 1, packet.end() - static_cast<std::ptrdiff_t>(size));
  };
  CHECK(length_of(127) == bytes{0x7F});
  CHECK(length_of(128) == bytes{0x80, 0x01});
  CHECK(length_of(16'383) == bytes{0xFF, 0x7F});
  CHECK(length_of(16'384) == bytes{0x80, 0x80, 0x01});
}

TEST_CASE("an MQTT stream is understood in pieces of any size") {
  const std::string text(300, 'x');
  bytes stream{0x20, 2, 0, 0, 0x90, 3, 0, 1, 0, 0xD0, 0};
  append(stream, mqtt::publish("all", as_bytes(text)));
  append(stream, mqtt::publish("all", {}));
  const std::vector<told> expected{{kind::ponged, ""}, {kind::message, text}, {kind::message, ""}};
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{7}, all}) {
    mqtt::reader reader;
    CHECK(heard_in_pieces(reader, stream, size) == expected);
  }
}

TEST_CASE("an MQTT server that refuses or talks nonsense ends the connection") {
  CHECK(mqtt_refusal({0x20, 2, 0, 5}) == errc::refused);              // CONNACK: not authorized
  CHECK(mqtt_refusal({0x90, 3, 0, 1, 0x80}) == errc::refused);        // SUBACK: failure
  CHECK(mqtt_refusal({0x90, 3, 0, 2, 0}) == errc::invalid_encoding);  // somebody else's
  CHECK(mqtt_refusal({0x20, 1, 0}) == errc::invalid_encoding);
  CHECK(mqtt_refusal({0x20, 2, 1, 0}) == errc::invalid_encoding);  // a session that was kept
  CHECK(mqtt_refusal({0xD0, 1, 0}) == errc::invalid_encoding);
  CHECK(mqtt_refusal({0x30, 1, 0}) == errc::invalid_encoding);          // no room for a topic
  CHECK(mqtt_refusal({0x30, 3, 0, 2, 't'}) == errc::invalid_encoding);  // longer than its packet
  CHECK(mqtt_refusal({0x32, 2, 0, 0}) == errc::protocol_error);         // QoS 1
  CHECK(mqtt_refusal({0x10, 0}) == errc::protocol_error);               // a client's packet
  CHECK(mqtt_refusal({0x00, 0}) == errc::protocol_error);
  CHECK(mqtt_refusal({0x30, 0x80, 0x80, 0x80, 0x80, 0x01}) == errc::invalid_encoding);
  CHECK(mqtt_refusal({0x30, 0xFF, 0xFF, 0x7F}) == errc::too_large);  // said before it is sent
}

TEST_CASE("NATS lines are encoded as its documentation has them") {
  CHECK(as_text(nats::subscribe("all")) == "SUB all 1\r\n");
  CHECK(as_text(nats::publish("all", as_bytes("hi"))) == "PUB all 2\r\nhi\r\n");
  CHECK(as_text(nats::ping()) == "PING\r\n");
  CHECK(as_text(nats::pong()) == "PONG\r\n");
  const auto plain = nats::connect(false);
  CHECK(as_text(plain).starts_with(R"(CONNECT {"verbose":false,)"));
  CHECK(as_text(plain).find(R"("tls_required":false)") != std::string_view::npos);
  const auto over_tls = nats::connect(true);
  CHECK(as_text(over_tls).find(R"("tls_required":true)") != std::string_view::npos);
}

TEST_CASE("a NATS stream is understood in pieces of any size") {
  const std::string stream =
      "INFO {\"max_payload\":1048576}\r\n+OK\r\nPONG\r\nPING\r\n"
      "MSG all 1 6\r\nPING\r\n\r\nMSG all 1 answer.to 2\r\nhi\r\nMSG all 1 0\r\n\r\n";
  const std::vector<told> expected{{kind::greeted, ""},   {kind::ponged, ""},
                                   {kind::pinged, ""},    {kind::message, "PING\r\n"},
                                   {kind::message, "hi"}, {kind::message, ""}};
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{7}, all}) {
    nats::reader reader;
    CHECK(heard_in_pieces(reader, as_bytes(stream), size) == expected);
  }
}

TEST_CASE("a NATS server that refuses or talks nonsense ends the connection") {
  CHECK(nats_refusal("-ERR 'Authorization Violation'\r\n") == errc::refused);
  CHECK(nats_refusal("HTTP/1.1 400 Bad Request\r\n") == errc::protocol_error);
  CHECK(nats_refusal("\r\n") == errc::protocol_error);
  CHECK(nats_refusal("MSG all 1 x\r\n") == errc::invalid_encoding);
  CHECK(nats_refusal("MSG all 1 -1\r\n") == errc::invalid_encoding);
  CHECK(nats_refusal("MSG all 1 \r\n") == errc::invalid_encoding);
  CHECK(nats_refusal("MSG all 1 2\r\nhi!!") == errc::invalid_encoding);  // longer than it said
  CHECK(nats_refusal("MSG all 1 65537\r\n") == errc::too_large);         // said before it is sent
  CHECK(nats_refusal("MSG all 1 99999999999999999999999\r\n") == errc::too_large);
  CHECK(nats_refusal("INFO " + std::string(70'000, 'x')) == errc::too_large);
}

}  // namespace
}  // namespace wardline::bench
