#include "tests/system/adversary/identity.hpp"

#include "tests/system/adversary/primitives.hpp"

namespace wardline::test::adversary {

octets identity::encoded() const {
  return u8(role) + u8(group_id) + opaque8(ascii(id)) + y_sig + y_kem;
}

octets identity::fingerprint() const { return hash(label("identity") + encoded()); }

std::string shown(const octets& fingerprint) {
  fields digits(expand(fingerprint, "display", 60));
  std::string out;
  for (int i = 0; i < 12; ++i) {
    auto five = std::to_string(digits.number(5) % 100'000);
    five.insert(0, 5 - five.size(), '0');
    out += (i == 0 ? "" : " ") + five;
  }
  return out;
}

identity read_identity(fields& from, std::size_t element_size) {
  identity out{};
  out.role = static_cast<std::uint8_t>(from.number(1));
  out.group_id = static_cast<std::uint8_t>(from.number(1));
  const auto id = from.opaque8();
  out.id.assign(id.begin(), id.end());
  out.y_sig = from.take(element_size);
  out.y_kem = from.take(element_size);
  return out;
}

own_identity::own_identity(std::uint8_t role, const group& g, std::string id, const octets& seed)
    : in(g), prk(extract(label("identity seed"), seed)) {
  x_sig = integer(1) +
          integer::from_big_endian(expand(prk, "signature key", u8(g.id), g.scalar_size + 16)) %
              (g.q - integer(1));
  x_kem = g.kem_exponent(prk);
  if (x_kem == integer(0)) x_kem = integer(1);
  shown_to_all = {role, g.id, std::move(id), g.power_of_generator(x_sig),
                  g.power_of_generator(x_kem)};
}

}  // namespace wardline::test::adversary
