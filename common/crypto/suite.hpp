#pragma once

#include <optional>
#include <string_view>

#include "common/crypto/kdf.hpp"
#include "common/crypto/random.hpp"
#include "common/util/error.hpp"

namespace wardline::crypto {

/// Section 2. The number is the one on the wire.
enum class group_id : byte { ffdhe2048 = 1, ffdhe3072 = 2, ffdhe4096 = 3, ristretto255 = 4 };

/// Public values, as encoded elements of the suite's group.
struct signature_public_key {
  bytes encoded;
  friend bool operator==(const signature_public_key&, const signature_public_key&) = default;
};
struct kem_public_key {
  bytes encoded;
  friend bool operator==(const kem_public_key&, const kem_public_key&) = default;
};

/// Secret scalars, as enc_q (big-endian in groups 1 to 3, little-endian in group 4).
struct signature_private_key {
  secret_bytes scalar;
};
struct kem_private_key {
  secret_bytes scalar;
};

/// enc(dh(x, Y)).
struct shared_secret {
  secret_bytes encoded;
};

/// One of the four groups with everything that the protocol does in it, chosen at run time. The
/// algorithms are templates over the `Group` concept (group.hpp); this is their face for the rest
/// of the program. Immutable, so safe to share between threads.
///
/// Whatever depends on a private key, an ephemeral or a nonce takes time independent of its value.
class suite {
 public:
  virtual ~suite() = default;

  virtual group_id id() const noexcept = 0;
  virtual std::string_view name() const noexcept = 0;
  virtual std::size_t element_size() const noexcept = 0;         ///< bytes of enc(Y)
  virtual std::size_t scalar_size() const noexcept = 0;          ///< |q|: bytes of enc_q(x)
  virtual std::size_t short_exponent_size() const noexcept = 0;  ///< bytes
  std::size_t signature_size() const noexcept { return element_size() + scalar_size(); }

  /// errc::invalid_element unless `encoded` decodes (section 2; the subgroup is not checked).
  virtual result<void> check_element(byte_view encoded) const = 0;

  /// As above, and the element lies in the subgroup of order q: what a public key must do.
  virtual result<void> check_public_key(byte_view encoded) const = 0;

  /// Section 3, from `prk = Extract("identity seed", seed)`.
  virtual signature_private_key derive_signature_key(const pseudorandom_key& prk) const = 0;
  virtual kem_private_key derive_kem_key(const pseudorandom_key& prk) const = 0;
  virtual signature_public_key public_key(const signature_private_key& x) const = 0;
  virtual kem_public_key public_key(const kem_private_key& x) const = 0;

  /// A fresh ephemeral: short_exponent_size() random bytes, big-endian, 0 replaced by 1; in group
  /// 4, 48 random bytes, big-endian, reduced modulo q, 0 replaced by 1.
  virtual kem_private_key make_ephemeral(random_source& random) const = 0;

  /// dh of section 2. errc::invalid_element if Y does not decode or the result is the identity.
  virtual result<shared_secret> dh(const kem_private_key& x, byte_view encoded_y) const = 0;

  /// Section 4: enc(R) || enc_q(s) over `message` (the concatenation of the parts) in the context
  /// `ctx`. `y` must be the public key of `x`. Takes 32 bytes from `random` for every attempt (the
  /// second has probability 1/q).
  virtual bytes sign(const signature_private_key& x, const signature_public_key& y,
                     std::string_view ctx, std::initializer_list<byte_view> message,
                     random_source& random) const = 0;

  /// errc::invalid_signature for whatever reason. `y` must have passed check_public_key once.
  virtual result<void> verify(const signature_public_key& y, std::string_view ctx,
                              std::initializer_list<byte_view> message,
                              byte_view signature) const = 0;
};

/// Nothing for an unknown number. The first use of a group builds its tables (milliseconds).
const suite* find_suite(byte group) noexcept;
const suite& suite_of(group_id group);

/// By name, as on a command line: "ffdhe2048", "ffdhe3072", "ffdhe4096", "ristretto255".
std::optional<group_id> group_named(std::string_view name) noexcept;
std::string_view name(group_id group) noexcept;

}  // namespace wardline::crypto
