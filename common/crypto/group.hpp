#pragma once

#include <concepts>
#include <string_view>

#include "common/crypto/scalar_field.hpp"
#include "common/crypto/suite.hpp"
#include "common/util/error.hpp"

namespace wardline::crypto {

/// What the protocol's algorithms need of a group of prime order q with generator g (section 2).
/// The models are ffdhe<2048>, ffdhe<3072>, ffdhe<4096> (ffdhe.hpp) and ristretto255
/// (ristretto255.hpp). The group is written multiplicatively.
///
/// A model is a type without objects. Its functions may be called by several threads at once, and
/// take time that does not depend on a scalar, except in equation_holds(), whose scalars are
/// public.
template <class G>
concept Group = requires(const scalar& x, const typename G::element& y, byte_view encoded) {
  // The id on the wire; the name; sizes in bytes of enc(Y) and enc_q(x).
  { G::id } -> std::convertible_to<group_id>;
  { G::name } -> std::convertible_to<std::string_view>;
  { G::element_size } -> std::convertible_to<std::size_t>;
  { G::scalar_size } -> std::convertible_to<std::size_t>;
  { G::short_exponent_size } -> std::convertible_to<std::size_t>;
  // Bytes from which a KEM key or an ephemeral is made: the short exponent, or as many as make a
  // full one uniform.
  { G::kem_secret_size } -> std::convertible_to<std::size_t>;

  // A decoded element: within the range of section 2, not always in the subgroup.
  requires std::movable<typename G::element>;
  { y.encoded() } -> std::convertible_to<byte_view>;

  // The integers modulo q.
  { G::scalars() } -> std::same_as<const scalar_field&>;

  // errc::invalid_element unless section 2 lets it decode.
  { G::decode(encoded) } -> std::same_as<result<typename G::element>>;
  // Of order q.
  { G::in_subgroup(y) } -> std::same_as<bool>;
  // g^x, for 0 < x < q.
  { G::power_of_generator(x) } -> std::same_as<typename G::element>;
  // enc(dh(x, Y)) for enc(Y), or errc::invalid_element: it does not decode, or ends in the
  // identity.
  { G::dh(x, encoded) } -> std::same_as<result<secret_bytes>>;
  // g^h == y^e · R^s, in the order enc(y), e, enc(R), s, h; all of it public. For a y of order q
  // (or one that does not decode) and 0 < s < q; false unless R decodes and has order q.
  { G::equation_holds(encoded, x, encoded, x, x) } -> std::same_as<bool>;
};

}  // namespace wardline::crypto
