#pragma once

#include <memory>

#include "common/crypto/group.hpp"

namespace wardline::crypto {

/// The subgroup of order q = (p-1)/2 of the integers modulo a safe prime p of RFC 7919, with the
/// generator 2. One object for each p, made on first use; its tables are made when they are first
/// needed. Immutable for its users.
class ffdhe_group {
 public:
  /// An integer from 2 to p-2, in as many bytes as p has, big-endian.
  class element {
   public:
    byte_view encoded() const noexcept { return encoded_; }

   private:
    friend class ffdhe_group;
    explicit element(bytes encoded) : encoded_(std::move(encoded)) {}
    bytes encoded_;
  };

  /// `prime` in hexadecimal; the short exponent in bytes.
  ffdhe_group(std::string_view prime, std::size_t short_exponent_size);
  ~ffdhe_group();
  ffdhe_group(const ffdhe_group&) = delete;
  ffdhe_group& operator=(const ffdhe_group&) = delete;

  /// p, big-endian.
  byte_view prime() const noexcept;
  const scalar_field& scalars() const noexcept;

  // As the concept says.
  result<element> decode(byte_view encoded) const;
  bool in_subgroup(const element& y) const;
  element power_of_generator(const scalar& x) const;
  result<secret_bytes> dh(const scalar& x, byte_view encoded_y) const;
  bool equation_holds(byte_view encoded_y, const scalar& e, byte_view encoded_r, const scalar& s,
                      const scalar& h) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// The one object for `Bits` = 2048, 3072 or 4096.
template <std::size_t Bits>
const ffdhe_group& ffdhe_group_of();
template <>
const ffdhe_group& ffdhe_group_of<2048>();
template <>
const ffdhe_group& ffdhe_group_of<3072>();
template <>
const ffdhe_group& ffdhe_group_of<4096>();

/// The model of the concept. Short exponents are those of section 2 (RFC 7919, section 5.2, gives
/// the strengths).
template <std::size_t Bits>
struct ffdhe {
  static_assert(Bits == 2048 || Bits == 3072 || Bits == 4096);

  static constexpr group_id id = Bits == 2048   ? group_id::ffdhe2048
                                 : Bits == 3072 ? group_id::ffdhe3072
                                                : group_id::ffdhe4096;
  static constexpr std::string_view name = Bits == 2048   ? "ffdhe2048"
                                           : Bits == 3072 ? "ffdhe3072"
                                                          : "ffdhe4096";
  static constexpr std::size_t element_size = Bits / 8;
  static constexpr std::size_t scalar_size = Bits / 8;
  static constexpr std::size_t short_exponent_size = Bits == 2048 ? 32 : Bits == 3072 ? 36 : 44;
  static constexpr std::size_t kem_secret_size = short_exponent_size;

  using element = ffdhe_group::element;

  static const scalar_field& scalars() { return group().scalars(); }
  static result<element> decode(byte_view encoded) { return group().decode(encoded); }
  static bool in_subgroup(const element& y) { return group().in_subgroup(y); }
  static element power_of_generator(const scalar& x) { return group().power_of_generator(x); }
  static result<secret_bytes> dh(const scalar& x, byte_view encoded_y) {
    return group().dh(x, encoded_y);
  }
  static bool equation_holds(byte_view encoded_y, const scalar& e, byte_view encoded_r,
                             const scalar& s, const scalar& h) {
    return group().equation_holds(encoded_y, e, encoded_r, s, h);
  }

  static const ffdhe_group& group() { return ffdhe_group_of<Bits>(); }
};

}  // namespace wardline::crypto
