#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/crypto/elgamal.hpp"
#include "common/crypto/exponentiation.hpp"
#include "common/crypto/ffdhe.hpp"
#include "common/util/text_encoding.hpp"
#include "tests/common/crypto/third_party/third_party_vectors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

// Wycheproof has no ElGamal signatures. DSA is the nearest: a pair of numbers, ranges that must be
// looked at, and an inverse modulo q. Its cases are put to ours in two ways.
//
// 1. As they are: DSA's equation is put together from our arithmetic modulo q (scalar_field) and p
//    (exponentiation), and must hold for what is valid and for nothing else. This is where the edge
//    cases of inverses, hashes and small numbers are edges, for they are so modulo *their* q.
//
// 2. By analogy, to our own verify. In place of r there is R, an element below p; in place of s
//    there is s, below q. So what a case does to r modulo q is done to R modulo p (and modulo q,
//    for good measure), and what it does to s is done to s modulo our q. Whatever is invalid there
//    for its range must be refused here. Of the cases of inverses, each s there becomes the nonce k
//    here, since k is what we invert: the signature must verify, and with a wrong inverse must not.

namespace wardline::test {
namespace {

using crypto::ffdhe;
using crypto::scalar;
namespace elgamal = crypto::elgamal;

// Big-endian integers of any length, without zeros in front.
using integer = bytes;

integer number(byte_view x) { return to_bytes(significant(x)); }

integer power_of_256(std::size_t exponent) {
  integer out(exponent + 1);
  out.front() = 1;
  return out;
}

integer sum(byte_view a, byte_view b) {
  integer out(std::max(a.size(), b.size()) + 1);
  unsigned carry = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    carry += i < a.size() ? a[a.size() - 1 - i] : 0U;
    carry += i < b.size() ? b[b.size() - 1 - i] : 0U;
    out[out.size() - 1 - i] = static_cast<byte>(carry);
    carry >>= 8U;
  }
  return number(out);
}

integer difference(byte_view a, byte_view b) {
  integer out(a.size());
  unsigned borrow = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const unsigned take = borrow + (i < b.size() ? b[b.size() - 1 - i] : 0U);
    const unsigned from = a[a.size() - 1 - i];
    borrow = from < take ? 1 : 0;
    out[out.size() - 1 - i] = static_cast<byte>(from - take);
  }
  REQUIRE(borrow == 0);
  return number(out);
}

bytes padded(byte_view x, std::size_t size) {
  x = significant(x);
  REQUIRE(x.size() <= size);
  bytes out(size - x.size());
  append(out, x);
  return out;
}

integer hex_number(const nlohmann::json& text) { return number(hex(text)); }

// DSA (FIPS 186-4, section 4.7) in numbers of others, by arithmetic of ours.
class dsa_key {
 public:
  explicit dsa_key(const nlohmann::json& key)
      : p_(hex_number(key.at("p"))),
        g_(padded(hex_number(key.at("g")), p_.size())),
        y_(padded(hex_number(key.at("y")), p_.size())),
        field_(hex_number(key.at("q")), crypto::byte_order::big_endian),
        powers_(p_) {}

  bool holds(const bytes& message, byte_view signature) const {
    if (signature.size() != 2 * field_.size()) return false;
    const auto r = field_.decode_public(signature.first(field_.size()));
    const auto s = field_.decode_public(signature.last(field_.size()));
    return r && s && equation_holds(message, *r, *s, *s);
  }

  // With the inverse of another number in place of that of s.
  bool holds_by_inverse_of(const scalar& other, const bytes& message, byte_view signature) const {
    return equation_holds(message, field_.decode(signature.first(field_.size())),
                          field_.decode(signature.last(field_.size())), other);
  }

  const crypto::scalar_field& field() const noexcept { return field_; }

 private:
  // v = (g^(H(m)/s) y^(r/s) mod p) mod q equals r; and s · (1/s) = 1.
  bool equation_holds(const bytes& message, const scalar& r, const scalar& s,
                      const scalar& inverted) const {
    const scalar zero = field_.reduce({});
    const scalar minus_one = field_.decode(difference(field_.order(), bytes{1}));
    const scalar t = field_.reduce(bytes{1, 2, 3, 4, 5, 6, 7});
    const auto divided = [&](const scalar& a) {
      return field_.encode(field_.respond(a, zero, zero, inverted, t));
    };
    const auto one = field_.encode(field_.respond(zero, minus_one, s, inverted, t));
    if (number(one.view()) != integer{1}) return false;
    const auto u1 = divided(field_.reduce(crypto::sha256({message}).view()));
    const auto u2 = divided(r);
    const auto power = powers_.product_of_powers(g_, u1.view(), y_, u2.view());
    return to_hex(field_.encode(reduced(power)).view()) == to_hex(field_.encode(r).view());
  }

  // What is longer than a scalar_field reduces at once, sixteen bytes at a time.
  scalar reduced(byte_view x) const {
    const scalar one = field_.reduce(bytes{1});
    const scalar step = field_.reduce(power_of_256(16));
    scalar out = field_.reduce(x.first(x.size() % 16));
    for (x = x.subspan(x.size() % 16); !x.empty(); x = x.subspan(16)) {
      // next - (-out) · 2^128
      const scalar zero = field_.reduce({});
      const scalar negative = field_.respond(zero, out, one, one, one);
      out = field_.respond(field_.reduce(x.first(16)), negative, step, one, one);
    }
    return out;
  }

  integer p_;
  bytes g_;
  bytes y_;
  crypto::scalar_field field_;
  crypto::exponentiation powers_;
};

// An identity of ours, and a signature of its, which the cases spoil.
template <class G>
struct signer {
  scalar x;
  bytes y;
  integer p = number(G::group().prime());
  integer q = number(G::scalars().order());
  bytes message = to_bytes(as_bytes("a message"));
  bytes signature;

  static constexpr std::string_view ctx = "wardline/1 self";

  signer()
      : x(G::scalars().decode(hex(vectors_of(G::id)["identities"].at("doctor").at("x_sig")))),
        y(hex(vectors_of(G::id)["identities"].at("doctor").at("y_sig"))) {
    zero_random random;
    const byte_view parts[] = {message};
    signature = elgamal::sign<G>(x, y, ctx, parts, random);
  }

  byte_view r() const { return byte_view(signature).first(G::element_size); }
  byte_view s() const { return byte_view(signature).last(G::scalar_size); }

  bool verifies(byte_view candidate) const {
    const byte_view parts[] = {message};
    return elgamal::verify<G>(y, ctx, parts, candidate);
  }

  // By a nonce that is given, and by an inverse of whatever is said.
  bytes signature_with(const scalar& k, const scalar& inverted) const {
    const byte_view parts[] = {message};
    const auto element = G::power_of_generator(k);
    const auto e = elgamal::make_e<G>(element.encoded());
    const auto h = elgamal::make_h<G>(y, element.encoded(), ctx, parts);
    const scalar t = G::scalars().reduce(bytes{7, 6, 5, 4, 3, 2, 1});
    bytes out = to_bytes(element.encoded());
    append(out, G::scalars().encode(G::scalars().respond(h, x, e, inverted, t)).view());
    return out;
  }

  // Neither of the right length, if there is room for both numbers, nor as a pair of two longer
  // numbers of one length, which is how these cases come.
  void refuses(byte_view r, byte_view s) const {
    r = significant(r);
    s = significant(s);
    if (r.size() <= G::element_size && s.size() <= G::scalar_size) {
      bytes exact = padded(r, G::element_size);
      append(exact, padded(s, G::scalar_size));
      CHECK_FALSE(verifies(exact));
    }
    const auto size = std::max({r.size(), s.size(), G::element_size + 1});
    bytes longer = padded(r, size);
    append(longer, padded(s, size));
    CHECK_FALSE(verifies(longer));
  }
};

// "q - 1" and so on, in our numbers.
integer special(const std::string& name, const integer& q, const integer& p) {
  if (name == "0") return {};
  if (name == "1") return {1};
  if (name == "q - 1") return difference(q, bytes{1});
  if (name == "q") return q;
  if (name == "q + 1") return sum(q, bytes{1});
  if (name == "p") return p;
  if (name == "p + 1") return sum(p, bytes{1});
  FAIL("a special value that is not known: " << name);
  return {};
}

// "r + q" and so on: `x` is r or s, and `modulus` that by which it is taken.
integer replaced(const std::string& by, byte_view x, const integer& modulus) {
  const auto expression = by.find(' ') == std::string::npos ? by : by.substr(1);
  if (expression == " + q") return sum(x, modulus);
  if (expression == " + 256 * q") {
    integer shifted = modulus;
    shifted.push_back(0);
    return sum(x, shifted);
  }
  // 256 bits is how long their q is.
  if (expression == " + 2**256") return sum(x, power_of_256(modulus.size()));
  if (expression == " + 2**320") return sum(x, power_of_256(modulus.size() + 8));
  if (by == "q - r" || by == "q - s") return difference(modulus, significant(x));
  FAIL("a replacement that is not known: " << by);
  return {};
}

template <class G>
void refuse_range(const signer<G>& us, const std::string& comment) {
  const std::string values = "Signature with special case values r=";
  const std::string and_s = " and s=";
  const std::string replacement = "replaced ";
  if (comment.rfind(values, 0) == 0) {
    const auto middle = comment.find(and_s);
    REQUIRE(middle != std::string::npos);
    const auto r = comment.substr(values.size(), middle - values.size());
    const auto s = special(comment.substr(middle + and_s.size()), us.q, us.p);
    for (const auto& modulus : {us.p, us.q}) {
      const auto element = special(r, modulus, us.p);
      us.refuses(element, s);
      // Beside a half that is right, so that one check does not hide that another is missing.
      us.refuses(element, us.s());
    }
    us.refuses(us.r(), s);
  } else if (comment.rfind(replacement, 0) == 0) {
    const char which = comment.at(replacement.size());
    const auto by = comment.substr(replacement.size() + std::string("r by ").size());
    REQUIRE((which == 'r' || which == 's'));
    if (which == 'r') {
      us.refuses(replaced(by, us.r(), us.p), us.s());
    } else {
      us.refuses(us.r(), replaced(by, us.s(), us.q));
    }
  } else {
    FAIL("a case that is not known: " << comment);
  }
}

template <class G>
void refuse_wrong_inverse(const signer<G>& us, byte_view their_s) {
  const auto& field = G::scalars();
  const auto k = field.reduce(their_s);
  const auto right = us.signature_with(k, k);
  CHECK(us.verifies(right));
  // The inverse of a neighbour, and none at all.
  CHECK_FALSE(us.verifies(us.signature_with(k, field.reduce(sum(their_s, bytes{1})))));
  CHECK_FALSE(us.verifies(us.signature_with(k, field.reduce(bytes{1}))));
  // The negative of the inverse, and an inverse of 0.
  const auto r = byte_view(right).first(G::element_size);
  us.refuses(r, difference(us.q, significant(byte_view(right).last(G::scalar_size))));
  us.refuses(r, {});
}

template <class G>
constexpr const char* file_for = nullptr;
template <>
constexpr const char* file_for<ffdhe<2048>> = "dsa_2048_256_sha256_p1363_test.json";
template <>
constexpr const char* file_for<ffdhe<3072>> = "dsa_3072_256_sha256_p1363_test.json";

TEMPLATE_TEST_CASE("what is out of range or wrongly inverted in Wycheproof's DSA is refused",
                   "[vectors]", ffdhe<2048>, ffdhe<3072>) {
  using G = TestType;
  tally count("Wycheproof DSA, " + std::string(G::name));
  const auto file = wycheproof(file_for<G>, count);
  if (!file) return;
  const signer<G> us;
  REQUIRE(us.verifies(us.signature));
  for (const auto& group : file->at("testGroups")) {
    const dsa_key key(group.at("publicKey"));
    for (const auto& one : group.at("tests")) {
      const auto flag = one.at("flags").at(0).template get<std::string>();
      const auto comment = one.at("comment").template get<std::string>();
      INFO("tcId " << one.at("tcId") << ", " << flag << ", " << comment);
      count.run();
      const auto message = hex(one.at("msg"));
      const auto signature = hex(one.at("sig"));
      CHECK(key.holds(message, signature) == is_valid(one));
      if (!is_valid(one)) refuse_range(us, comment);
      if (flag == "ModularInverse") {
        const auto s = byte_view(signature).last(signature.size() / 2);
        const auto neighbour = key.field().reduce(sum(s, bytes{1}));
        CHECK_FALSE(key.holds_by_inverse_of(neighbour, message, signature));
        refuse_wrong_inverse(us, s);
      }
    }
  }
  CHECK(count.total() == file->at("numberOfTests").template get<std::size_t>());
}

}  // namespace
}  // namespace wardline::test
