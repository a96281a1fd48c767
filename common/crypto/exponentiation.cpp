#include "common/crypto/exponentiation.hpp"

#include <algorithm>

#include "common/crypto/libcrypto_number.hpp"

namespace wardline::crypto {

using namespace libcrypto;

namespace {

// BN_bin2bn skips leading zeros one by one, and so tells how many there are. A one in front of the
// bytes leaves it none to skip.
number read_secret(byte_view x) {
  secret_bytes prefixed(x.size() + 1);
  prefixed.writable()[0] = 1;
  std::copy(x.begin(), x.end(), prefixed.writable().begin() + 1);
  number out = read(prefixed.view());
  check(BN_clear_bit(out.get(), static_cast<int>(8 * x.size())));
  BN_set_flags(out.get(), BN_FLG_CONSTTIME);
  return out;
}

void write(const BIGNUM* x, byte_span out) {
  if (BN_bn2binpad(x, out.data(), static_cast<int>(out.size())) < 0) throw std::bad_alloc();
}

}  // namespace

struct exponentiation::state {
  std::size_t size;
  number modulus;
  montgomery_context montgomery;
};

exponentiation::exponentiation(byte_view modulus)
    : state_(std::make_unique<state>(state{modulus.size(), read(modulus), nullptr})) {
  state_->montgomery = make_montgomery(*state_->modulus);
}

exponentiation::~exponentiation() = default;

secret_bytes exponentiation::power_of_square(byte_view base, byte_view x) const {
  const BIGNUM* const p = state_->modulus.get();
  const number square = read(base);
  check(BN_mod_sqr(square.get(), square.get(), p, thread_context()));
  const number exponent = read_secret(x);
  const number power = make();
  check(BN_mod_exp_mont_consttime(power.get(), square.get(), exponent.get(), p, thread_context(),
                                  state_->montgomery.get()));
  secret_bytes out(state_->size);
  write(power.get(), out.writable());
  return out;
}

bytes exponentiation::product_of_powers(byte_view a, byte_view x, byte_view b, byte_view y) const {
  const number first = read(a);
  const number second = read(b);
  const number product = make();
  check(BN_mod_exp2_mont(product.get(), first.get(), read(x).get(), second.get(), read(y).get(),
                         state_->modulus.get(), thread_context(), state_->montgomery.get()));
  bytes out(state_->size);
  write(product.get(), out);
  return out;
}

}  // namespace wardline::crypto
