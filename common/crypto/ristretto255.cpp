#include "common/crypto/ristretto255.hpp"

#include <algorithm>

#include <sodium.h>

#include "common/crypto/declassify.hpp"
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

// All zeros for the identity.
encoding power_of_base(const scalar& x) {
  encoding out{};
  const int failed = crypto_scalarmult_ristretto255_base(out.data(), encode(x).view().data());
  if (declassified(failed) != 0) return {};
  return out;
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
  return element(power_of_base(x));
}

result<secret_bytes> ristretto255::dh(const scalar& x, byte_view encoded_y) {
  secret_bytes out(element_size);
  if (!write_power(encoded_y, x, out.writable())) return errc::invalid_element;
  return out;
}

// As R = g^u · y^v. The right side is an element, and its encoding the only one that it has: R need
// not be decoded, and is one if it is equal.
bool ristretto255::equation_holds(byte_view encoded_y, const scalar& e, byte_view encoded_r,
                                  const scalar& s, const scalar& h) {
  const auto [u, v] = scalars().solve(h, e, s);
  encoding power_of_y{};
  if (!write_power(encoded_y, v, power_of_y)) {
    // Because v is 0, or because there is no such y.
    if (!is_zero(v.value.view()) || !decode(encoded_y)) return false;
    power_of_y = {};
  }
  encoding right{};
  return may_decode(encoded_r) &&
         crypto_core_ristretto255_add(right.data(), power_of_base(u).data(), power_of_y.data()) ==
             0 &&
         std::equal(right.begin(), right.end(), encoded_r.begin(), encoded_r.end());
}

}  // namespace wardline::crypto
