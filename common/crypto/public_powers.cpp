#include "common/crypto/public_powers.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

#include "common/crypto/libcrypto_number.hpp"

namespace wardline::crypto {

using namespace libcrypto;

namespace {

// Bits of a window, by measurement. A table has half as many entries as a window has values.
constexpr std::size_t kept_width = 10;  // 196 KB at 3072 bits, made once
constexpr std::size_t fresh_width = 6;  // made for each product
constexpr std::size_t shift_width = 6;

// Bits `begin` to `begin + width` of x, less than a word of them.
limb bits(std::span<const limb> x, std::size_t begin, std::size_t width) noexcept {
  const std::size_t index = begin / limb_bits;
  const std::size_t offset = begin % limb_bits;
  limb out = index < x.size() ? x[index] >> offset : 0;
  if (offset + width > limb_bits && index + 1 < x.size()) {
    out |= x[index + 1] << (limb_bits - offset);
  }
  return out & ((limb{1} << width) - 1);
}

// An exponent's bits from `begin` to `end`, cut into windows that begin and end where they may with
// a one: `out[i]` is what begins at bit `begin + i`, or 0.
std::vector<limb> cut(std::span<const limb> x, std::size_t begin, std::size_t end,
                      std::size_t width) {
  std::vector<limb> out(end - begin);
  for (std::size_t i = begin; i < end;) {
    const limb window = bits(x, i, std::min(width, end - i));
    if (window % 2 == 0) {
      ++i;
    } else {
      out[i - begin] = window;
      i += width;
    }
  }
  return out;
}

using odd_powers = std::vector<number>;

}  // namespace

struct public_powers::state {
  explicit state(byte_view prime)
      : modulus(read(prime)), montgomery(make_montgomery(*modulus)), half(8 * prime.size() / 2) {}

  void multiply(BIGNUM* out, const BIGNUM* a, const BIGNUM* b) const {
    check(BN_mod_mul_montgomery(out, a, b, montgomery.get(), thread_context()));
  }

  number enter(number x) const {
    check(BN_to_montgomery(x.get(), x.get(), montgomery.get(), thread_context()));
    return x;
  }

  odd_powers make_table(number base, std::size_t width) const {
    odd_powers out;
    const number square = make();
    multiply(square.get(), base.get(), base.get());
    out.push_back(std::move(base));
    while (out.size() < std::size_t{1} << (width - 1)) {
      number next = make();
      multiply(next.get(), out.back().get(), square.get());
      out.push_back(std::move(next));
    }
    return out;
  }

  // Of 2^(2^half).
  const odd_powers& upper() const {
    std::call_once(upper_once, [this] {
      number base = make();
      check(BN_set_word(base.get(), 2));
      base = enter(std::move(base));
      for (std::size_t i = 0; i < half; ++i) multiply(base.get(), base.get(), base.get());
      upper_table = make_table(std::move(base), kept_width);
    });
    return upper_table;
  }

  number modulus;
  montgomery_context montgomery;
  std::size_t half;  // bits
  mutable std::once_flag upper_once;
  mutable odd_powers upper_table;
};

public_powers::public_powers(byte_view prime) : state_(std::make_unique<state>(prime)) {}

public_powers::~public_powers() = default;

bool public_powers::product_is_one(std::span<const limb> c, const factor& a,
                                   const factor& b) const {
  const state& s = *state_;
  const auto table_of_a = s.make_table(s.enter(read(a.base)), fresh_width);
  const auto table_of_b = s.make_table(s.enter(read(b.base)), fresh_width);
  const struct {
    const odd_powers& table;
    std::vector<limb> at;
  } factors[] = {{s.upper(), cut(c, s.half, 2 * s.half, kept_width)},
                 {table_of_a, cut(a.exponent, 0, s.half, fresh_width)},
                 {table_of_b, cut(b.exponent, 0, s.half, fresh_width)}};

  number product = make();
  check(BN_one(product.get()));
  product = s.enter(std::move(product));
  for (std::size_t i = s.half; i-- > 0;) {
    s.multiply(product.get(), product.get(), product.get());
    for (const auto& f : factors) {
      if (f.at[i] == 0) continue;
      s.multiply(product.get(), product.get(), f.table[f.at[i] / 2].get());
    }
    if (i % shift_width != 0) continue;
    const limb shift = bits(c, i, std::min(shift_width, s.half - i));
    check(BN_lshift(product.get(), product.get(), static_cast<int>(shift)));
    check(BN_nnmod(product.get(), product.get(), s.modulus.get(), thread_context()));
  }
  check(BN_from_montgomery(product.get(), product.get(), s.montgomery.get(), thread_context()));
  return BN_is_one(product.get()) == 1;
}

}  // namespace wardline::crypto
