// The real patient, who has the doctor's fingerprint, at a gateway that is not that doctor's, or
// behind somebody who changes what it says.
#include <memory>

#include "tests/support/catch.hpp"
#include "tests/support/counts.hpp"
#include "tests/system/adversary/handshake.hpp"
#include "tests/system/adversary/primitives.hpp"
#include "tests/system/programs.hpp"

namespace wardline::test::adversary {
namespace {

struct falsehood {
  std::string name;
  std::string error;  ///< that the person is shown
  /// Instead of the identity, or of the auth_response; nothing: as it should be.
  std::function<octets(const own_identity& doctor)> identity_instead;
  std::function<void(reception_desk::response_parts&)> fault;
  std::function<void(octets& frame)> meddle;
  int connections = 1;  ///< the last of which must end her
};

own_identity somebody(const group& g, const std::string& id) {
  return {a_doctor, g, id, random_octets(32)};
}

std::vector<falsehood> falsehoods(const group& g) {
  std::vector<falsehood> out;
  const auto identity = [&](const std::string& name, const std::string& error,
                            std::function<octets(const own_identity&)> instead) {
    out.push_back({name, error, std::move(instead), {}, {}, 1});
  };
  const auto response = [&](const std::string& name, const std::string& error,
                            std::function<void(reception_desk::response_parts&)> fault) {
    out.push_back({name, error, {}, std::move(fault), {}, 1});
  };
  const auto frame = [&](const std::string& name, const std::string& error,
                         std::function<void(octets&)> meddle) {
    out.push_back({name, error, {}, {}, std::move(meddle), 1});
  };
  identity("another's keys", "wrong_doctor", [&g](const own_identity&) {
    const auto other = somebody(g, "dr-lee");
    return reception_desk(other).announce(now_ms());
  });
  identity("the doctor's keys, another's signature", "invalid_signature",
           [&g](const own_identity& doctor) {
             const auto other = somebody(g, "dr-lee");
             const auto said = doctor.shown_to_all.encoded() + u64(now_ms());
             return make_frame(identity_frame, clear, said + opaque16(other.sign("self", said)));
           });
  const auto& other_group = group_named(g.id == 4 ? "ffdhe2048" : "ristretto255");
  identity("another group", "wrong_doctor", [&other_group](const own_identity&) {
    const auto other = somebody(other_group, "dr-lee");
    return reception_desk(other).announce(now_ms());
  });
  out.back().connections = 2;  // a patient without a doctor comes again with keys of that group
  identity("version 2", "protocol_error", [](const own_identity& doctor) {
    auto whole = reception_desk(doctor).announce(now_ms());
    whole[4] = 2;
    return whole;
  });
  response("a clock that is behind", "clock_skew", [](auto& r) { r.ts_d -= 31'000; });
  response("a clock that is ahead", "clock_skew", [](auto& r) { r.ts_d += 61'000; });
  response("another's signature", "invalid_signature", [&g](auto& r) {
    const auto other = std::make_shared<own_identity>(somebody(g, "dr-lee"));
    r.signer = [other](const octets& th3) { return other->sign("doctor auth", th3); };
  });
  response("a signature of zeros", "invalid_signature", [&g](auto& r) {
    r.signer = [&g](const octets&) { return octets(g.element_size + g.scalar_size); };
  });
  response("an F without its exponent", "authentication_failed",
           [&g](auto& r) { r.f = g.power_of_generator(g.ephemeral()); });
  if (g.id != 4) {
    const integer p = modulus_of(g);
    for (const auto& bad : {integer(0), integer(1), p - integer(1), p}) {
      response("F out of range", "invalid_element",
               [bad, &g](auto& r) { r.f = bad.to_big_endian(g.element_size); });
    }
  } else {
    for (const auto& bad : {octets(32), u8(1) + octets(31), octets(32, 0xff)}) {
      response("F not canonical", "invalid_element", [bad](auto& r) { r.f = bad; });
    }
  }
  frame("a flipped bit", "authentication_failed", [](octets& f) { f.back() ^= 1U; });
  frame("another rn_d", "authentication_failed", [](octets& f) { f[8 + 8] ^= 1U; });
  frame("one byte short", "invalid_encoding", [](octets& f) {
    f.pop_back();
    f[3] = static_cast<std::uint8_t>(f[3] - 1);  // the length's last byte is not 0 here
  });
  frame("version 2", "protocol_error", [](octets& f) { f[4] = 2; });
  frame("protected", "protocol_error", [](octets& f) { f[7] = 1; });
  return out;
}

}  // namespace

TEST_CASE("a patient who has the doctor's fingerprint signs in at no false gateway") {
  const std::string group = "ffdhe3072";  // in which a patient without a doctor begins
  const auto& g = group_named(group);
  const auto doctor = somebody(g, "dr-lee");
  int cells = 0;
  for (const auto& f : falsehoods(g)) {
    INFO(f.name);
    UNSCOPED_INFO(f.name);
    listener door;
    patient_program alice("alice");
    alice.start_with({"--id", "alice", "--doctor-id", "dr-lee", "--connect", door.address(),
                      "--doctor-fingerprint", shown(doctor.shown_to_all.fingerprint())});
    line peer = door.accept();
    for (int i = 1; i < f.connections; ++i) {
      REQUIRE(peer.next().value().is(hello));
      peer.send(f.identity_instead(doctor));
      while (const auto frame = peer.next()) CHECK(frame->is(disconnect));
      peer = door.accept();
    }
    reception_desk desk(doctor);
    REQUIRE(peer.next().value().is(hello));
    peer.send(f.identity_instead ? f.identity_instead(doctor) : desk.announce(now_ms()));
    if (!f.identity_instead) {
      REQUIRE(desk.on_request(peer.next().value()));
      CHECK(desk.patient.id == "alice");
      auto answer = desk.respond(g.ephemeral(), random_octets(32), now_ms(), f.fault);
      if (f.meddle) f.meddle(answer);
      peer.send(answer);
    }
    // She says nothing that could be used, and goes.
    while (const auto frame = peer.next()) CHECK(frame->is(disconnect));
    peer.close();
    alice.events().await("error", where("error", f.error));
    CHECK(alice.events().wait() == 1);
    CHECK(alice.events().seen("authenticated") == 0);
    ++cells;
  }
  // It was for the falsehood, each time.
  listener door;
  patient_program alice("alice");
  alice.start_with({"--id", "alice", "--doctor-id", "dr-lee", "--connect", door.address(),
                    "--doctor-fingerprint", shown(doctor.shown_to_all.fingerprint())});
  line peer = door.accept();
  reception_desk desk(doctor);
  peer.next();
  peer.send(desk.announce(now_ms()));
  REQUIRE(desk.on_request(peer.next().value()));
  peer.send(desk.respond(g.ephemeral(), random_octets(32), now_ms()));
  CHECK(desk.on_verifier(peer.next().value()));
  direction d2p(desk.sk, "d2p");
  peer.send(d2p.seal(session_token, opaque16(random_octets(32)) + random_octets(16) +
                                        u64(now_ms() + 60'000) + u32(15) + u16(60)));
  alice.events().await("authenticated");
  count("adversary, false gateways: " + std::to_string(cells) + " in " + group);
}

}  // namespace wardline::test::adversary
