#include "common/crypto/ristretto255.hpp"

#include <algorithm>

#include <sodium.h>

#include "common/crypto/declassify.hpp"
#include "common/crypto/edwards25519.hpp"
#include "common/crypto/short_equation.hpp"
#include "common/crypto/sodium.hpp"
#include "common/util/text_encoding.hpp"

namespace wardline::crypto {
namespace {

using encoding = byte_array<ristretto255::element_size>;
static_assert(ristretto255::element_size == crypto_core_ristretto255_BYTES);
static_assert(ristretto255::scalar_size == crypto_core_ristretto255_SCALARBYTES);

// RFC 9496, section 4.4: 2^252 + 27742317777372353535851937790883648493.
constexpr std::string_view order =
    "1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed";

secret_bytes encode(const scalar& x) { return ristretto255::scalars().encode(x); }

// What of section 2's decoding libsodium's functions leave to be looked at: the length, the
// identity, and the highest bit, which version 1.0.18 ignores. Whether the rest is canonical and an
// element (RFC 9496, section 4.3.1) they find out by themselves.
bool may_decode(byte_view encoded) {
  return encoded.size() == ristretto255::element_size && (encoded.back() & 0x80U) == 0 &&
         std::any_of(encoded.begin(), encoded.end(), [](byte b) { return b != 0; });
}

// y^x into 32 bytes; false if y does not decode or the power is the identity.
bool write_power(byte_view encoded_y, const scalar& x, byte_span out) {
  if (!may_decode(encoded_y)) return false;
  const int failed =
      crypto_scalarmult_ristretto255(out.data(), encode(x).view().data(), encoded_y.data());
  // Section 2: "A result of 1, or the identity, is an error", and an error shows.
  return declassified(failed) == 0;
}

}  // namespace

const scalar_field& ristretto255::scalars() {
  static const scalar_field field = [] {
    use_sodium();
    return scalar_field(from_hex(order).value(), byte_order::little_endian);
  }();
  return field;
}

// Section 2: decoding fails unless it is canonical and not the identity.
result<ristretto255::element> ristretto255::decode(byte_view encoded) {
  if (!may_decode(encoded) || crypto_core_ristretto255_is_valid_point(encoded.data()) != 1) {
    return errc::invalid_element;
  }
  encoding out;
  std::copy(encoded.begin(), encoded.end(), out.begin());
  return element(out);
}

ristretto255::element ristretto255::power_of_generator(const scalar& x) {
  encoding out{};
  const int failed = crypto_scalarmult_ristretto255_base(out.data(), encode(x).view().data());
  // Of the identity, which no x of which the concept speaks leads to, its encoding.
  if (declassified(failed) != 0) return element({});
  return element(out);
}

result<secret_bytes> ristretto255::dh(const scalar& x, byte_view encoded_y) {
  secret_bytes out(element_size);
  if (!write_power(encoded_y, x, out.writable())) return errc::invalid_element;
  return out;
}

// As g^c · y^a · (1/R)^b = 1; see short_equation.hpp for why that is the same.
bool ristretto255::equation_holds(byte_view encoded_y, const scalar& e, byte_view encoded_r,
                                  const scalar& s, const scalar& h) {
  const auto equation = shorten(scalars().solve(h, e, s), scalars());
  return edwards25519::product_is_one(equation.c, {encoded_y, equation.a, false},
                                      {encoded_r, equation.b, !equation.b_is_negative});
}

}  // namespace wardline::crypto
