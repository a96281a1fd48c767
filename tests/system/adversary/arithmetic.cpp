#include "tests/system/adversary/arithmetic.hpp"

#include <stdexcept>

namespace wardline::test::adversary {
namespace {

BN_CTX* scratch() {
  static const std::unique_ptr<BN_CTX, decltype(&BN_CTX_free)> c(BN_CTX_new(), BN_CTX_free);
  return c.get();
}

void must(int ok) {
  if (ok != 1) throw std::runtime_error("libcrypto cannot calculate that");
}

}  // namespace

integer::integer(unsigned long value) : n_(BN_new()) { must(BN_set_word(n_.get(), value)); }
integer::integer(const integer& other) : n_(BN_dup(other.n_.get())) {}
integer& integer::operator=(integer other) noexcept {
  n_ = std::move(other.n_);
  return *this;
}

integer integer::from_big_endian(const octets& data) {
  integer out;
  BN_bin2bn(data.data(), static_cast<int>(data.size()), out.n_.get());
  return out;
}

octets integer::to_big_endian(std::size_t size) const {
  octets out(size);
  if (BN_bn2binpad(n_.get(), out.data(), static_cast<int>(size)) < 0) must(0);
  return out;
}

integer operator+(const integer& a, const integer& b) {
  integer out;
  must(BN_add(out.n_.get(), a.n_.get(), b.n_.get()));
  return out;
}

integer operator-(const integer& a, const integer& b) {
  integer out;
  must(BN_sub(out.n_.get(), a.n_.get(), b.n_.get()));
  return out;
}

integer operator*(const integer& a, const integer& b) {
  integer out;
  must(BN_mul(out.n_.get(), a.n_.get(), b.n_.get(), scratch()));
  return out;
}

integer operator/(const integer& a, const integer& b) {
  integer out;
  must(BN_div(out.n_.get(), nullptr, a.n_.get(), b.n_.get(), scratch()));
  return out;
}

integer operator%(const integer& a, const integer& b) {
  integer out;
  must(BN_nnmod(out.n_.get(), a.n_.get(), b.n_.get(), scratch()));
  return out;
}

integer operator<<(const integer& a, int bits) {
  integer out;
  must(BN_lshift(out.n_.get(), a.n_.get(), bits));
  return out;
}

integer operator>>(const integer& a, int bits) {
  integer out;
  must(BN_rshift(out.n_.get(), a.n_.get(), bits));
  return out;
}

integer power(const integer& base, const integer& exponent, const integer& modulus) {
  integer out;
  must(BN_mod_exp(out.n_.get(), base.n_.get(), exponent.n_.get(), modulus.n_.get(), scratch()));
  return out;
}

integer inverse(const integer& a, const integer& modulus) {
  integer out;
  if (BN_mod_inverse(out.n_.get(), a.n_.get(), modulus.n_.get(), scratch()) == nullptr) must(0);
  return out;
}

int jacobi(const integer& a, const integer& p) {
  return BN_kronecker(a.n_.get(), p.n_.get(), scratch());
}

}  // namespace wardline::test::adversary
