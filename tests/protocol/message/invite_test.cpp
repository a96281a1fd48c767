#include "protocol/message/invite.hpp"

#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::protocol;

namespace {

invite sample() {
  invite i{"gateway.example", 7460, {}, "patient-2", 1'790'604'800'000, {}};
  i.doctor.value.fill(0xd0);
  i.secret.writable()[0] = 0x5e;
  return i;
}

}  // namespace

TEST_CASE("an invite reads back from its text") {
  const auto i = invite_from_text(to_text(sample()));
  REQUIRE(i.has_value());
  CHECK(i->host == "gateway.example");
  CHECK(i->port == 7460);
  CHECK(i->doctor == sample().doctor);
  CHECK(i->patient_id == "patient-2");
  CHECK(i->expires == 1'790'604'800'000);
  CHECK(to_bytes(i->secret.view()) == to_bytes(sample().secret.view()));
}

TEST_CASE("an invite that lost or gained a letter anywhere is refused") {
  const auto text = to_text(sample());
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto shorter = text;
    shorter.erase(at, 1);
    CHECK(invite_from_text(shorter).error() == errc::invalid_encoding);
    auto longer = text;
    longer.insert(at, "A");
    CHECK(invite_from_text(longer).error() == errc::invalid_encoding);
    auto spaced = text;
    spaced.insert(at, " ");
    CHECK(invite_from_text(spaced).error() == errc::invalid_encoding);
  }
  CHECK(invite_from_text(text + "\n").error() == errc::invalid_encoding);
  CHECK(invite_from_text("").error() == errc::invalid_encoding);
}

TEST_CASE("an invite names a host and a port that can be connected to") {
  for (const auto* const host : {"127.0.0.1", "::1", "fe80::1", "a_b.Example-1"}) {
    auto i = sample();
    i.host = host;
    INFO(host);
    CHECK(invite_from_text(to_text(i)).has_value());
  }
  for (const std::string host :
       {"", " ", "a b", "fe80::1%eth0", "a/b", "a@b", "a\nb", "\x1b[2J", "h\xc3\xa9"}) {
    auto i = sample();
    i.host = host;
    INFO(host);
    CHECK(invite_from_text(to_text(i)).error() == errc::invalid_encoding);
  }
  auto i = sample();
  i.port = 0;
  CHECK(invite_from_text(to_text(i)).error() == errc::invalid_encoding);
}

TEST_CASE("an invite for an id outside the alphabet is refused") {
  auto i = sample();
  i.patient_id = "../x";
  CHECK(invite_from_text(to_text(i)).error() == errc::invalid_encoding);
}
