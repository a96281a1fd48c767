#include "bench/harness/tls_end.hpp"

#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::bench {
namespace {

certificate make() { return make_certificate(certificate_key::p256, "wardline-bench"); }

// One end and what it has opened.
struct side {
  explicit side(const tls_context& context) : end(context) {}

  tls_end end;
  bytes opened;
  result<void> outcome;
};

// Carries what `from` has to say to `to`, in pieces of so many bytes; whether there was any.
bool carry(side& from, side& to, std::size_t size) {
  const auto output = from.end.take_output();
  for (std::size_t i = 0; i < output.size() && to.outcome; i += size) {
    to.outcome =
        to.end.take(byte_view(output).subspan(i, std::min(size, output.size() - i)), to.opened);
  }
  return !output.empty();
}

void converse(side& a, side& b, std::size_t size = 100'000) {
  for (bool any = true; any;) {
    any = carry(a, b, size);
    any = carry(b, a, size) || any;
  }
}

TEST_CASE("what two ends of TLS send arrives, in pieces of any size") {
  const auto shown = make();
  const auto server_side = tls_context::server(shown);
  const auto client_side = tls_context::client(shown);
  for (const std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{100'000}}) {
    side server(server_side);
    side client(client_side);
    const std::string long_text(40'000, 'x');  // more than a record
    REQUIRE(client.end.send(as_bytes("before the handshake")).has_value());
    converse(client, server, size);
    REQUIRE(client.end.is_established());
    REQUIRE(server.end.is_established());
    CHECK(as_text(server.opened) == "before the handshake");

    REQUIRE(server.end.send(as_bytes(long_text)).has_value());
    const auto sealed = server.end.take_output();
    CHECK(as_text(sealed).find("xxxxxxxx") == std::string_view::npos);
    REQUIRE(client.end.take(sealed, client.opened).has_value());
    CHECK(as_text(client.opened) == long_text);
  }
}

TEST_CASE("a certificate that is not the trusted one is refused") {
  const auto server_side = tls_context::server(make());
  const auto client_side = tls_context::client(make());  // the same name, another key
  side server(server_side);
  side client(client_side);
  REQUIRE(client.end.send(as_bytes("secret")).has_value());
  converse(client, server);
  CHECK(to_errc(client.outcome.error()) == errc::authentication_failed);
  CHECK(test::contains(client.end.reason(), "self-signed"));
  CHECK_FALSE(client.end.is_established());
  CHECK_FALSE(server.outcome.has_value());  // it was told so
  CHECK(server.opened.empty());
}

TEST_CASE("a changed record ends a TLS connection") {
  const auto shown = make();
  const auto server_side = tls_context::server(shown);
  const auto client_side = tls_context::client(shown);
  side server(server_side);
  side client(client_side);
  REQUIRE(client.end.send({}).has_value());
  converse(client, server);
  REQUIRE(server.end.send(as_bytes("text")).has_value());
  auto sealed = server.end.take_output();
  sealed.back() ^= 1U;
  const auto outcome = client.end.take(sealed, client.opened);
  CHECK(to_errc(outcome.error()) == errc::connection_lost);
  CHECK_FALSE(client.end.reason().empty());
  CHECK(client.opened.empty());
}

TEST_CASE("an end that is told something else than TLS ends the connection") {
  const auto client_side = tls_context::client(make());
  side client(client_side);
  REQUIRE(client.end.send({}).has_value());
  const auto outcome = client.end.take(as_bytes("-ERR 'no TLS here'\r\n"), client.opened);
  CHECK(to_errc(outcome.error()) == errc::authentication_failed);
}

}  // namespace
}  // namespace wardline::bench
