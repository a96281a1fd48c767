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

// y^x, all zeros for the identity (which libsodium reports as a failure).
encoding power(const encoding& y, const scalar& x) {
  encoding out{};
  const int failed = crypto_scalarmult_ristretto255(out.data(), encode(x).view().data(), y.data());
  // Section 2: "A result of 1, or the identity, is an error", and an error shows.
  if (declassified(failed) != 0) return {};
  return out;
}

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

// Section 2: decoding fails unless it is canonical (RFC 9496, section 4.3.1) and not the identity.
// libsodium 1.0.18 does not look at the highest bit, so it is looked at here.
result<ristretto255::element> ristretto255::decode(byte_view encoded) {
  if (encoded.size() != element_size || (encoded.back() & 0x80U) != 0 ||
      crypto_core_ristretto255_is_valid_point(encoded.data()) != 1 ||
      sodium_is_zero(encoded.data(), encoded.size()) == 1) {
    return errc::invalid_element;
  }
  encoding out;
  std::copy(encoded.begin(), encoded.end(), out.begin());
  return element(out);
}

ristretto255::element ristretto255::power_of_generator(const scalar& x) {
  return element(power_of_base(x));
}

result<secret_bytes> ristretto255::dh(const scalar& x, const element& y) {
  encoding product = power(y.encoded_, x);
  secret_bytes out{byte_view(product)};
  wipe(product);
  if (declassified(sodium_is_zero(out.view().data(), out.size()) == 1)) {
    return errc::invalid_element;
  }
  return out;
}

bool ristretto255::equation_holds(const element& y, const scalar& e, const element& r,
                                  const scalar& s, const scalar& h) {
  encoding right{};
  return crypto_core_ristretto255_add(right.data(), power(y.encoded_, e).data(),
                                      power(r.encoded_, s).data()) == 0 &&
         right == power_of_base(h);
}

}  // namespace wardline::crypto
