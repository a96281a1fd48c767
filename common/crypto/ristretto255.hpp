#pragma once

#include "common/crypto/group.hpp"

namespace wardline::crypto {

/// RFC 9496, by libsodium; but verifying, where nothing is secret, by ourselves (edwards25519.hpp).
/// Every element that decodes lies in the group of prime order.
struct ristretto255 {
  static constexpr group_id id = group_id::ristretto255;
  static constexpr std::string_view name = "ristretto255";
  static constexpr std::size_t element_size = 32;
  static constexpr std::size_t scalar_size = 32;
  static constexpr std::size_t short_exponent_size = 32;
  static constexpr std::size_t kem_secret_size = 48;

  /// The canonical encoding of an element that is not the identity.
  class element {
   public:
    byte_view encoded() const noexcept { return encoded_; }

   private:
    friend struct ristretto255;
    explicit element(const byte_array<element_size>& encoded) : encoded_(encoded) {}
    byte_array<element_size> encoded_;
  };

  static const scalar_field& scalars();
  static result<element> decode(byte_view encoded);
  static bool in_subgroup(const element&) { return true; }
  static element power_of_generator(const scalar& x);
  static result<secret_bytes> dh(const scalar& x, byte_view encoded_y);
  static bool equation_holds(byte_view encoded_y, const scalar& e, byte_view encoded_r,
                             const scalar& s, const scalar& h);
};

}  // namespace wardline::crypto
