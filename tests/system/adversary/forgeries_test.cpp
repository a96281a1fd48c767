// Signatures and elements that no honest peer makes, in a request that is otherwise right.
#include "tests/support/catch.hpp"
#include "tests/support/counts.hpp"
#include "tests/system/adversary/primitives.hpp"
#include "tests/system/adversary/visitor.hpp"
#include "tests/system/adversary/ward.hpp"

namespace wardline::test::adversary {
namespace {

struct forgery {
  std::string name;
  octets signature;
};

octets ones(std::size_t size) { return octets(size, 0xff); }

// What stands for an element and is none, or none that may be there.
std::vector<forgery> bad_elements(const group& g) {
  if (g.id == 4) {
    // RFC 9496, A.3, and the identity.
    return {
        {"identity", octets(32)},
        {"1", u8(1) + octets(31)},
        {"all ones", ones(32)},
        {"p", unhex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")},
        {"not canonical",
         unhex("f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")},
        {"negative", unhex("0100000000000000000000000000000000000000000000000000000000000080")},
        {"not a square", unhex("26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371")},
        {"negative xy", unhex("3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e")},
    };
  }
  const integer p = modulus_of(g);
  const auto as = [&](const integer& n) { return n.to_big_endian(g.element_size); };
  return {{"0", as(0)},
          {"1", as(1)},
          {"p-1", as(p - integer(1))},
          {"p", as(p)},
          {"p+1", as(p + integer(1))},
          {"p+2", as(p + integer(2))},
          {"all ones", ones(g.element_size)}};
}

octets scalar(const group& g, const integer& n) { return g.enc_q(n); }

// By somebody who has no key of the identity that is shown: of what can be had without it.
std::vector<forgery> forgeries(const own_identity& who, const octets& message) {
  const group& g = who.in;
  const auto& y = who.shown_to_all.y_sig;
  const auto good = who.sign("patient auth", message);
  const auto r = first(good, g.element_size);
  const integer s = g.dec_q(from(good, g.element_size));
  std::vector<forgery> out;
  const auto with_s = [&](const std::string& name, const octets& bad) {
    out.push_back({"s = " + name, r + bad});
  };
  with_s("0", scalar(g, 0));
  with_s("1", scalar(g, 1));
  with_s("q-1", scalar(g, g.q - integer(1)));
  with_s("q", scalar(g, g.q));
  with_s("q+1", scalar(g, g.q + integer(1)));
  with_s("s+q", scalar(g, s + g.q));
  with_s("q-s", scalar(g, g.q - s));
  with_s("s+1", scalar(g, s + integer(1)));
  with_s("all ones", ones(g.scalar_size));
  for (const auto& bad : bad_elements(g)) {
    out.push_back({"r = " + bad.name, bad.signature + from(good, g.element_size)});
    out.push_back({"r = " + bad.name + ", s = 0", bad.signature + octets(g.scalar_size)});
  }
  out.push_back({"nothing", {}});
  out.push_back({"one byte short", first(good, good.size() - 1)});
  out.push_back({"one byte long", good + u8(0)});
  out.push_back({"a zero before it", u8(0) + first(good, good.size() - 1)});
  out.push_back({"for another purpose", who.sign("self", message)});
  out.push_back({"of something else", who.sign("patient auth", message + u8(0))});
  // Existential, of the textbook's formula: R = g^u y^v, s = -e/v fits h = u s for some h.
  const integer u(7);
  const integer v(11);
  const auto mixed = g.product(g.power_of_generator(u), g.power(y, v));
  const integer mixed_s = (g.q - g.bound_r(mixed) * inverse(v, g.q) % g.q) % g.q;
  out.push_back({"existential", mixed + scalar(g, mixed_s)});

  if (g.id != 4) {
    const integer p = modulus_of(g);
    const integer wide = integer::from_big_endian(hash(message));
    const auto pair = [&](const integer& a, const integer& b) {
      return a.to_big_endian(g.element_size) + scalar(g, b % g.q);
    };
    // Bleichenbacher, Eurocrypt 1996, with g = 2: r = q, s = ((p-3)/2) H(m); with the h of today;
    // and r = 1/g, which lies in the subgroup.
    for (const auto& h :
         {wide, g.bound_message(y, g.q.to_big_endian(g.element_size), "patient auth", message)}) {
      const integer bleichenbacher = (p - integer(3)) / integer(2) * h;
      out.push_back({"Bleichenbacher", pair(g.q, bleichenbacher)});
      out.push_back({"Bleichenbacher, 1/g", pair(p - g.q, bleichenbacher)});
      out.push_back({"Bleichenbacher, -s", pair(g.q, g.q - bleichenbacher % g.q)});
    }
    // Made with the key and R of order 2q: with s even the equation holds, and only the subgroup
    // check is left. Whoever computes a power of the equation needs another number to be even,
    // which in ten it will be.
    int made = 0;
    for (integer k(1'000'003); made < 10; k = k + integer(2)) {
      const auto twisted = (p - integer::from_big_endian(g.power_of_generator(k)));
      const auto encoded = twisted.to_big_endian(g.element_size);
      const integer h = g.bound_message(y, encoded, "patient auth", message);
      const integer even = (h - who.x_sig * g.bound_r(encoded)) * inverse(k, g.q) % g.q;
      if (!(even % integer(2) == integer(0))) continue;
      out.push_back({"R of order 2q, s even", pair(twisted, even)});
      ++made;
    }
    // The same signature with R of order 2q.
    const integer whole_r = integer::from_big_endian(r);
    out.push_back({"R of order 2q",
                   (p - whole_r).to_big_endian(g.element_size) + from(good, g.element_size)});
  }
  return out;
}

// Refused at the peer, by its cause in the event; counted for the audit.
void must_fail(doctor_program& gateway, visit& v, const std::string& cause) {
  CHECK(describe(read_to_end(v)) == describe(told(reason::refused)));
  const auto event = gateway.events().await("sign_in_failed");
  CHECK(event.at("cause") == cause);
  CHECK_FALSE(event.contains("id"));  // nobody has shown whose it is
}

void nothing_else_happened(doctor_program& gateway) {
  for (const auto* event :
       {"sign_in_failed", "patient_authenticated", "waiting", "blocked", "source_closed"}) {
    CAPTURE(event);
    CHECK(gateway.events().seen(event) == 0);
  }
}

}  // namespace

TEST_CASE("no forged signature signs anybody in") {
  const auto group = GENERATE(as<std::string>{}, "ristretto255", "ffdhe2048");
  CAPTURE(group);
  doctor_program gateway(group, patient_limits());
  honest_patient alice(gateway);
  visitor victim(group, "victim");  // enrolled, and away
  victim.enrol_at(gateway).peer.close();
  gateway.events().await("patient_disconnected", where("id", "victim"));

  std::uint64_t cells = 0;
  const auto how_many = forgeries(victim.keys, ascii("anything")).size();
  for (std::size_t i = 0; i < how_many; ++i) {
    // The length of a signature is part of what is signed, by the header.
    const auto size = forgeries(victim.keys, ascii("anything"))[i].signature.size();
    octets forged(size);
    std::string name;
    // th1 depends on nothing of the signature but its length: once to learn it, once with it.
    const auto values = fresh_request_values(victim.keys.in);
    sign_in handshake(victim.keys, *victim.doctor, values);
    handshake.request([&](request_parts& parts) { parts.signature = forged; });
    const auto message = handshake.th1 + victim.keys.shown_to_all.encoded() + opaque8({});
    auto chosen = forgeries(victim.keys, message)[i];
    INFO(chosen.name);
    auto v = victim.connect(gateway);
    v.peer.send(
        handshake.request([&](request_parts& parts) { parts.signature = chosen.signature; }));
    must_fail(gateway, v, "invalid_signature");
    ++cells;
  }
  nothing_else_happened(gateway);
  victim.sign_in_at(gateway);  // it was for the signature, each time
  alice.must_be_unharmed();
  CHECK(audit_of(gateway)["sign_in_failed/invalid_signature"] == cells);
  count("adversary, forged signatures: " + std::to_string(cells) + " in " + group);
}

TEST_CASE("no element outside the group passes, as ephemeral or as public key") {
  const auto group = GENERATE(as<std::string>{}, "ristretto255", "ffdhe2048");
  CAPTURE(group);
  doctor_program gateway(group, patient_limits());
  honest_patient alice(gateway);
  visitor mallory(group, "mallory");
  mallory.enrol_at(gateway).peer.close();
  gateway.events().await("patient_disconnected", where("id", "mallory"));
  visitor stranger(group, "stranger");

  std::uint64_t cells = 0;
  const auto try_it = [&](visitor& who, const std::function<void(request_parts&)>& fault) {
    auto [v, handshake] = who.ask(gateway, fault);
    must_fail(gateway, v, "invalid_element");
    ++cells;
  };
  auto bad = bad_elements(mallory.keys.in);
  for (const auto& element : bad) {
    INFO(element.name);
    try_it(mallory, [&](request_parts& parts) { parts.e = element.signature; });
  }
  // Public keys must lie in the subgroup, too.
  if (mallory.keys.in.id != 4) {
    const integer p = modulus_of(mallory.keys.in);
    const auto y = integer::from_big_endian(stranger.keys.shown_to_all.y_sig);
    bad.push_back({"of order 2q", (p - y).to_big_endian(mallory.keys.in.element_size)});
  }
  for (const auto& element : bad) {
    INFO(element.name);
    try_it(stranger, [&](request_parts& parts) {
      auto shown_identity = stranger.keys.shown_to_all;
      shown_identity.y_sig = element.signature;
      parts.shown_identity = shown_identity.encoded();
    });
    try_it(stranger, [&](request_parts& parts) {
      auto shown_identity = stranger.keys.shown_to_all;
      shown_identity.y_kem = element.signature;
      parts.shown_identity = shown_identity.encoded();
    });
  }
  nothing_else_happened(gateway);
  // An ephemeral of order 2q is no error, and its sign tells nothing: dh is of its square.
  if (mallory.keys.in.id != 4) {
    const integer p = modulus_of(mallory.keys.in);
    mallory.sign_in_at(gateway, [&](request_parts& parts) {
      parts.e = (p - integer::from_big_endian(parts.e)).to_big_endian(parts.e.size());
    });
    ++cells;
  }
  alice.must_be_unharmed();
  CHECK(audit_of(gateway)["sign_in_failed/invalid_element"] ==
        cells - (mallory.keys.in.id == 4 ? 0 : 1));
  count("adversary, bad elements: " + std::to_string(cells) + " in " + group);
}

}  // namespace wardline::test::adversary
