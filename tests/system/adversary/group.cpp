#include "tests/system/adversary/group.hpp"

#include <algorithm>
#include <stdexcept>

#include <sodium.h>

#include "tests/system/adversary/primitives.hpp"

namespace wardline::test::adversary {
namespace {

// floor(e * 2^bits): the sum of 1/k!, with room for what is cut off.
integer euler(int bits) {
  constexpr int guard = 64;
  integer term = integer(1) << (bits + guard);
  integer sum = term;
  for (unsigned long k = 1; !(term == integer(0)); ++k) {
    term = term / integer(k);
    sum = sum + term;
  }
  return sum >> guard;
}

// RFC 7919, appendix A: p = 2^b - 2^(b-64) + {[2^(b-130) e] + X} * 2^64 - 1.
integer safe_prime(int bits, unsigned long x) {
  const integer one(1);
  return (one << bits) - (one << (bits - 64)) + ((euler(bits - 130) + integer(x)) << 64) - one;
}

class ffdhe final : public group {
 public:
  ffdhe(std::uint8_t number, int bits, unsigned long x, std::size_t exponent)
      : group(number, "ffdhe" + std::to_string(bits), safe_prime(bits, x) >> 1,
              static_cast<std::size_t>(bits / 8), static_cast<std::size_t>(bits / 8), exponent),
        p(safe_prime(bits, x)) {}

  octets power_of_generator(const integer& x) const override {
    return enc(adversary::power(integer(2), x, p));
  }
  octets power(const octets& y, const integer& x) const override {
    return enc(adversary::power(integer::from_big_endian(y), x, p));
  }
  octets product(const octets& a, const octets& b) const override {
    return enc(integer::from_big_endian(a) * integer::from_big_endian(b) % p);
  }
  octets dh(const integer& x, const octets& y) const override { return power(product(y, y), x); }
  octets enc_q(const integer& x) const override { return x.to_big_endian(scalar_size); }
  integer dec_q(const octets& x) const override { return integer::from_big_endian(x); }
  integer kem_exponent(const octets& prk) const override {
    return integer::from_big_endian(expand(prk, "kem key", u8(id), short_size));
  }
  integer ephemeral() const override { return integer::from_big_endian(random_octets(short_size)); }

  const integer p;

 private:
  octets enc(const integer& y) const { return y.to_big_endian(element_size); }
};

octets reversed(octets x) {
  std::reverse(x.begin(), x.end());
  return x;
}

class ristretto255 final : public group {
 public:
  ristretto255()
      : group(4, "ristretto255",
              integer::from_big_endian(
                  unhex("1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed")),
              32, 32, 32) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  }

  octets power_of_generator(const integer& x) const override {
    octets out(32);
    must(crypto_scalarmult_ristretto255_base(out.data(), enc_q(x % q).data()));
    return out;
  }
  octets power(const octets& y, const integer& x) const override {
    octets out(32);
    must(crypto_scalarmult_ristretto255(out.data(), enc_q(x % q).data(), y.data()));
    return out;
  }
  octets product(const octets& a, const octets& b) const override {
    octets out(32);
    must(crypto_core_ristretto255_add(out.data(), a.data(), b.data()));
    return out;
  }
  octets dh(const integer& x, const octets& y) const override { return power(y, x); }
  octets enc_q(const integer& x) const override { return reversed(x.to_big_endian(32)); }
  integer dec_q(const octets& x) const override { return integer::from_big_endian(reversed(x)); }
  integer kem_exponent(const octets& prk) const override {
    return integer::from_big_endian(expand(prk, "kem key", u8(id), 48)) % q;
  }
  integer ephemeral() const override { return integer::from_big_endian(random_octets(48)) % q; }

 private:
  static void must(int failed) {
    if (failed != 0) throw std::runtime_error("libsodium cannot calculate that");
  }
};

}  // namespace

octets group::sign(const integer& x, const std::string& context, const octets& message,
                   const octets& random32) const {
  const auto ctx = label(context);
  const octets y = power_of_generator(x);
  const integer k = integer(1) + integer::from_big_endian(expand(extract(random32 + enc_q(x), ctx),
                                                                 "elgamal nonce", hash(message),
                                                                 scalar_size + 16)) %
                                     (q - integer(1));
  const octets r = power_of_generator(k);
  const integer s = (bound_message(y, r, context, message) - x * bound_r(r)) * inverse(k, q) % q;
  return r + enc_q(s);
}

integer group::bound_r(const octets& r) const {
  return integer::from_big_endian(hash(label("elgamal e") + r)) % q;
}

integer group::bound_message(const octets& y, const octets& r, const std::string& context,
                             const octets& message) const {
  const auto narrow = hash(label("elgamal h") + u8(id) + y + r + opaque8(label(context)) + message);
  return integer::from_big_endian(expand(narrow, "elgamal h wide", scalar_size + 16)) % q;
}

bool group::verify(const octets& y, const std::string& context, const octets& message,
                   const octets& signature) const {
  if (signature.size() != element_size + scalar_size) return false;
  const octets r = first(signature, element_size);
  const integer s = dec_q(from(signature, element_size));
  if (s == integer(0) || !(s < q)) return false;
  if (id != 4 && jacobi(integer::from_big_endian(r), modulus_of(*this)) != 1) return false;
  return power_of_generator(bound_message(y, r, context, message)) ==
         product(power(y, bound_r(r)), power(r, s));
}

const group& group_named(const std::string& name) {
  static const ffdhe small(1, 2048, 560316, 32);
  static const ffdhe middle(2, 3072, 2625351, 36);
  static const ffdhe large(3, 4096, 5736041, 44);
  static const ristretto255 curve;
  for (const group* g : {static_cast<const group*>(&small), static_cast<const group*>(&middle),
                         static_cast<const group*>(&large), static_cast<const group*>(&curve)}) {
    if (g->name == name) return *g;
  }
  throw std::logic_error("no group: " + name);
}

const integer& modulus_of(const group& g) { return dynamic_cast<const ffdhe&>(g).p; }

}  // namespace wardline::test::adversary
