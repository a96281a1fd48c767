#include "common/crypto/short_equation.hpp"

#include <algorithm>

#include <gmp.h>

namespace wardline::crypto {
namespace {

class integer {
 public:
  integer() { mpz_init(value_); }
  explicit integer(unsigned long x) { mpz_init_set_ui(value_, x); }
  explicit integer(std::span<const limb> x) {
    mpz_t view;
    mpz_init_set(value_, mpz_roinit_n(view, x.data(), static_cast<mp_size_t>(x.size())));
  }
  ~integer() { mpz_clear(value_); }
  integer(const integer&) = delete;
  integer& operator=(const integer&) = delete;

  mpz_ptr get() noexcept { return value_; }
  mpz_srcptr get() const noexcept { return value_; }

  // |x|, which has at most so many limbs.
  std::vector<limb> magnitude(std::size_t limbs) const {
    std::vector<limb> out(limbs);
    std::copy_n(mpz_limbs_read(value_), mpz_size(value_), out.begin());
    return out;
  }

 private:
  mpz_t value_;
};

}  // namespace

// Euclid's algorithm on q and v, stopped half-way. Each remainder r has a t with r = t·v mod q; of
// neighbours, |t| · (the remainder before r) is at most q (Knuth, The Art of Computer Programming,
// volume 2, section 4.5.3). The remainder before the first one below 2^half is at least 2^half, so
// that one's |t| is at most q / 2^half, which is less than 2^half.
short_equation shorten(const solved_equation& equation, const scalar_field& field) {
  const auto order = field.order();
  std::vector<limb> q(limbs_for(order.size()));
  read_big_endian(order, q);
  const integer modulus(q);
  const std::size_t half = (mpz_sizeinbase(modulus.get(), 2) + 1) / 2;

  integer before(q);
  integer r(equation.v.value.view());
  integer t_before(0);
  integer t(1);
  integer quotient;
  while (mpz_sizeinbase(r.get(), 2) > half) {
    mpz_tdiv_qr(quotient.get(), before.get(), before.get(), r.get());
    mpz_submul(t_before.get(), quotient.get(), t.get());
    mpz_swap(before.get(), r.get());
    mpz_swap(t_before.get(), t.get());
  }

  integer c(equation.u.value.view());
  mpz_mul(c.get(), c.get(), t.get());
  mpz_mod(c.get(), c.get(), modulus.get());
  return {c.magnitude(q.size()), r.magnitude(q.size()), t.magnitude(q.size()),
          mpz_sgn(t.get()) < 0};
}

}  // namespace wardline::crypto
