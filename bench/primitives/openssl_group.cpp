#include <openssl/sha.h>

#include "bench/primitives/openssl.hpp"
#include "bench/primitives/plain_group.hpp"

namespace wardline::bench::primitives {
namespace {

openssl_number make() { return openssl_number(openssl_check(BN_new())); }

openssl_number read(byte_view x) {
  return openssl_number(openssl_check(BN_bin2bn(x.data(), static_cast<int>(x.size()), nullptr)));
}

openssl_number hash(byte_view message) {
  byte_array<SHA256_DIGEST_LENGTH> out;
  openssl_check(SHA256(message.data(), message.size(), out.data()));
  return read(out);
}

class group final : public plain_group {
 public:
  explicit group(byte_view prime)
      : size_(prime.size()), p_(read(prime)), q_(make()), g_(make()), x_(make()), y_(make()) {
    openssl_check(BN_rshift1(q_.get(), p_.get()));
    openssl_check(BN_set_word(g_.get(), 2));
    openssl_check(BN_MONT_CTX_set(montgomery_.get(), p_.get(), work_.get()));
    make_key();
  }

  std::string_view name() const override { return "OpenSSL"; }

  void make_key() override {
    draw(x_.get());
    secret_power(y_.get(), g_.get(), x_.get());
  }

  // R = g^k, s = (h(m) - x·h(R)) / k mod q
  bytes sign(byte_view message) override {
    const auto k = make();
    const auto r = make();
    draw(k.get());
    secret_power(r.get(), g_.get(), k.get());
    bytes out(2 * size_);
    write(r.get(), byte_span(out).first(size_));
    const auto e = hash(byte_view(out).first(size_));
    const auto h = hash(message);
    const auto s = make();
    openssl_check(BN_mod_mul(s.get(), x_.get(), e.get(), q_.get(), work_.get()));
    openssl_check(BN_mod_sub(s.get(), h.get(), s.get(), q_.get(), work_.get()));
    openssl_check(BN_mod_inverse(k.get(), k.get(), q_.get(), work_.get()));
    openssl_check(BN_mod_mul(s.get(), s.get(), k.get(), q_.get(), work_.get()));
    write(s.get(), byte_span(out).last(size_));
    return out;
  }

  // R == g^(h(m)/s) · y^(-h(R)/s)
  bool verify(byte_view message, byte_view signature) override {
    if (signature.size() != 2 * size_) return false;
    const auto r = read(signature.first(size_));
    const auto s = read(signature.last(size_));
    if (BN_is_zero(s.get()) == 1 || BN_cmp(s.get(), q_.get()) >= 0) return false;
    const auto u = hash(message);
    const auto v = hash(signature.first(size_));
    const auto product = make();
    openssl_check(BN_mod_inverse(s.get(), s.get(), q_.get(), work_.get()));
    openssl_check(BN_mod_mul(u.get(), u.get(), s.get(), q_.get(), work_.get()));
    openssl_check(BN_mod_mul(v.get(), v.get(), s.get(), q_.get(), work_.get()));
    openssl_check(BN_sub(v.get(), q_.get(), v.get()));
    openssl_check(BN_mod_exp2_mont(product.get(), g_.get(), u.get(), y_.get(), v.get(), p_.get(),
                                   work_.get(), montgomery_.get()));
    return BN_cmp(product.get(), r.get()) == 0;
  }

  bytes power_of_generator(byte_view x) override { return secret_power(g_.get(), x); }
  bytes power(byte_view base, byte_view x) override { return secret_power(read(base).get(), x); }

  bool in_subgroup(byte_view y) override {
    const auto value = read(y);
    return BN_is_zero(value.get()) == 0 && BN_is_one(value.get()) == 0 &&
           BN_cmp(value.get(), p_.get()) < 0 &&
           BN_kronecker(value.get(), p_.get(), work_.get()) == 1;
  }

 private:
  void draw(BIGNUM* x) const {
    do {
      openssl_check(BN_priv_rand_range(x, q_.get()));
    } while (BN_is_zero(x) == 1);
  }

  void secret_power(BIGNUM* out, const BIGNUM* base, const BIGNUM* x) {
    openssl_check(
        BN_mod_exp_mont_consttime(out, base, x, p_.get(), work_.get(), montgomery_.get()));
  }

  bytes secret_power(const BIGNUM* base, byte_view x) {
    const auto power = make();
    secret_power(power.get(), base, read(x).get());
    bytes out(size_);
    write(power.get(), out);
    return out;
  }

  static void write(const BIGNUM* x, byte_span out) {
    openssl_check(BN_bn2binpad(x, out.data(), static_cast<int>(out.size())));
  }

  openssl_number_context work_{openssl_check(BN_CTX_new())};
  openssl_montgomery montgomery_{openssl_check(BN_MONT_CTX_new())};
  std::size_t size_;
  openssl_number p_;
  openssl_number q_;
  openssl_number g_;
  openssl_number x_;
  openssl_number y_;
};

}  // namespace

std::unique_ptr<plain_group> openssl_group(byte_view prime) {
  return std::make_unique<group>(prime);
}

}  // namespace wardline::bench::primitives
