#include "common/crypto/edwards25519.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "common/crypto/field25519.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::crypto::edwards25519 {
namespace {

using field = field25519;

constexpr std::size_t half = 127;  // bits

// A window is odd, and less than 2^(width - 1) in its magnitude.
constexpr std::size_t kept_width = 8;
constexpr std::size_t fresh_width = 5;

field constant(std::string_view little_endian) {
  return field::decode(from_hex(little_endian).value()).value();
}

// Of RFC 9496, section 4.1, and the encoding of g (section 4.4 and appendix A.1).
struct constants {
  field one = field(1);
  field d = constant("a3785913ca4deb75abd841414d0a700098e879777940c78c73fe6f2bee6c0352");
  field twice_d = d + d;
  field root_of_minus_one =
      constant("b0a00e4a271beec478e42fad0618432fa7d7fb3d99004d2b0bdfc14f8024832b");
  bytes generator =
      from_hex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76").value();
};

const constants& k() {
  static const constants all;
  return all;
}

// Extended coordinates: x = X/Z, y = Y/Z, T = X·Y/Z (Hisil, Wong, Carter and Dawson, Asiacrypt
// 2008).
struct point {
  field x;
  field y;
  field z;
  field t;
};

// As an operand of many additions.
struct addend {
  field y_less_x;
  field y_plus_x;
  field z_twice;
  field t_2d;
};

addend prepare(const point& p) { return {p.y - p.x, p.y + p.x, p.z + p.z, p.t * k().twice_d}; }

// "add-2008-hwcd-3", which is complete for this curve; q is taken away if it is to be negated.
point add(const point& p, const addend& q, bool negate) {
  const field a = (p.y - p.x) * (negate ? q.y_plus_x : q.y_less_x);
  const field b = (p.y + p.x) * (negate ? q.y_less_x : q.y_plus_x);
  const field c = p.t * q.t_2d;
  const field d = p.z * q.z_twice;
  const field e = b - a;
  const field f = negate ? d + c : d - c;
  const field g = negate ? d - c : d + c;
  const field h = b + a;
  return {e * f, g * h, f * g, e * h};
}

// "dbl-2008-hwcd", negated throughout.
point twice(const point& p) {
  const field a = p.x.squared();
  const field b = p.y.squared();
  const field zz = p.z.squared();
  const field h = a + b;
  const field e = h - (p.x + p.y).squared();
  const field g = a - b;
  const field f = zz + zz + g;
  return {e * f, g * h, f * g, e * h};
}

// x^((p - 5) / 8) = x^(2^252 - 3)
field power_for_root(const field& x) {
  const field x2 = x.squared();
  const field x9 = x2.squared(2) * x;
  const field x11 = x9 * x2;
  const field x_5 = x11.squared() * x9;        // 2^5 - 1
  const field x_10 = x_5.squared(5) * x_5;     // 2^10 - 1
  const field x_20 = x_10.squared(10) * x_10;  // ...
  const field x_40 = x_20.squared(20) * x_20;
  const field x_50 = x_40.squared(10) * x_10;
  const field x_100 = x_50.squared(50) * x_50;
  const field x_200 = x_100.squared(100) * x_100;
  const field x_250 = x_200.squared(50) * x_50;
  return x_250.squared(2) * x;
}

field magnitude(const field& x) { return x.is_negative() ? field(0) - x : x; }

// RFC 9496, section 4.2: SQRT_RATIO_M1(1, v), for a v that has a root.
std::optional<field> inverse_root(const field& v) {
  const field v3 = v.squared() * v;
  const field r = v3 * power_for_root(v3.squared() * v);
  const field check = v * r.squared();
  if ((check - k().one).is_zero()) return magnitude(r);
  if ((check + k().one).is_zero()) return magnitude(r * k().root_of_minus_one);
  return std::nullopt;
}

// RFC 9496, section 4.3.1, and section 2 of ours: not the identity.
std::optional<point> decode(byte_view encoded) {
  const auto s = field::decode(encoded);
  if (!s || s->is_negative() || s->is_zero()) return std::nullopt;
  const field ss = s->squared();
  const field u1 = k().one - ss;
  const field u2 = k().one + ss;
  const field u2_squared = u2.squared();
  const field v = field(0) - k().d * u1.squared() - u2_squared;
  const auto root = inverse_root(v * u2_squared);
  if (!root) return std::nullopt;
  const field den_x = *root * u2;
  const field den_y = *root * den_x * v;
  const field x = magnitude((*s + *s) * den_x);
  const field y = u1 * den_y;
  const field t = x * y;
  if (t.is_negative() || y.is_zero()) return std::nullopt;
  return point{x, y, k().one, t};
}

using odd_multiples = std::vector<addend>;

odd_multiples make_table(const point& p, std::size_t width) {
  odd_multiples out{prepare(p)};
  const addend two = prepare(twice(p));
  point next = p;
  while (out.size() < std::size_t{1} << (width - 2)) {
    next = add(next, two, false);
    out.push_back(prepare(next));
  }
  return out;
}

struct generator_tables {
  odd_multiples lower;
  odd_multiples upper;  // of g^(2^half)
};

const generator_tables& of_generator() {
  static const generator_tables tables = [] {
    const point g = decode(k().generator).value();
    point high = g;
    for (std::size_t i = 0; i < half; ++i) high = twice(high);
    return generator_tables{make_table(g, kept_width), make_table(high, kept_width)};
  }();
  return tables;
}

// Room for a carry out of the uppermost window.
using digits = std::array<std::int16_t, half + 2>;

// Bits `begin` to `begin + half` of x as a sum of signed odd windows (NAF with a width).
template <std::size_t width>
digits cut(std::span<const limb> x, std::size_t begin) {
  const auto bit = [&](std::size_t i) -> int {
    const std::size_t at = begin + i;
    if (i >= half || at / limb_bits >= x.size()) return 0;
    return static_cast<int>((x[at / limb_bits] >> (at % limb_bits)) & 1U);
  };
  digits out{};
  int carry = 0;
  for (std::size_t i = 0; i < out.size();) {
    if (bit(i) == carry) {  // the sum is even
      ++i;
      continue;
    }
    int window = carry;
    for (std::size_t j = 0; j < width; ++j) window += bit(i + j) << j;
    carry = window >> (width - 1);
    out[i] = static_cast<std::int16_t>(window - (carry << width));
    i += width;
  }
  return out;
}

}  // namespace

bool product_is_one(std::span<const limb> c, const factor& a, const factor& b) {
  const auto first = decode(a.base);
  const auto second = decode(b.base);
  if (!first || !second) return false;
  const auto table_of_a = make_table(*first, fresh_width);
  const auto table_of_b = make_table(*second, fresh_width);
  const struct {
    const odd_multiples& table;
    digits at;
    bool inverted;
  } factors[] = {{of_generator().lower, cut<kept_width>(c, 0), false},
                 {of_generator().upper, cut<kept_width>(c, half), false},
                 {table_of_a, cut<fresh_width>(a.exponent, 0), a.inverted},
                 {table_of_b, cut<fresh_width>(b.exponent, 0), b.inverted}};

  point sum{field(0), k().one, k().one, field(0)};
  for (std::size_t i = std::tuple_size_v<digits>; i-- > 0;) {
    sum = twice(sum);
    for (const auto& f : factors) {
      const int digit = f.at[i];
      if (digit == 0) continue;
      sum = add(sum, f.table[static_cast<std::size_t>(digit < 0 ? -digit : digit) / 2],
                (digit < 0) != f.inverted);
    }
  }
  // The points that stand for the identity are those of order 4 and less: x or y is 0 (RFC 9496,
  // section 4.3.3, of the equality of two).
  return sum.x.is_zero() || sum.y.is_zero();
}

}  // namespace wardline::crypto::edwards25519
