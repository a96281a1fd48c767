#pragma once

#include <string>

#include "common/crypto/suite.hpp"
#include "common/util/fixed_bytes.hpp"

namespace wardline::crypto {

/// Section 3.
enum class role : byte { doctor = 1, patient = 2 };

/// H("identity" || Identity): what people compare.
using fingerprint = fixed_bytes<struct fingerprint_tag, 32>;

/// The first 8 bytes of the doctor's fingerprint, as on the wire.
using short_fingerprint = fixed_bytes<struct short_fingerprint_tag, 8>;

short_fingerprint shorten(const fingerprint& f) noexcept;

/// 12 groups of 5 decimal digits, separated by spaces (section 3).
std::string to_digits(const fingerprint& f);

/// The fingerprint that a person typed: 60 digits (spaces and hyphens between are ignored) can't
/// be turned back into bytes, so this compares: true if `text` shows `f`, as digits or as 64
/// hexadecimal characters. Constant-time is not needed: both are public.
bool shows(std::string_view text, const fingerprint& f);

/// True if `text` has the form of a fingerprint (60 digits or 64 hexadecimal characters).
bool is_fingerprint_text(std::string_view text);

/// True if `id` is 1 to 64 characters of [A-Za-z0-9._@-].
bool is_valid_id(std::string_view id) noexcept;

/// struct { u8 role; u8 group; opaque id<64>; opaque y_sig[element]; opaque y_kem[element]; }
struct identity {
  crypto::role role;
  group_id group;
  std::string id;
  signature_public_key y_sig;
  kem_public_key y_kem;

  friend bool operator==(const identity&, const identity&) = default;
};

bytes encode(const identity& who);
fingerprint fingerprint_of(const identity& who);

/// Reads a peer's Identity from the front of `data`, and moves `data` past it: invalid_encoding for
/// its form, invalid_element for keys that do not pass check_public_keys().
result<identity> read_identity(byte_view& data);

/// Bytes that are an Identity and nothing else, of one that is known: its keys are just decoded.
result<identity> decode_identity(byte_view data);

/// Both keys decode and lie in the subgroup: checked when an identity is enrolled or pinned.
result<void> check_public_keys(const identity& who);

using identity_seed = secret<32>;

/// An identity with its secrets, made from a seed (section 3). Immutable.
class own_identity {
 public:
  own_identity(const identity_seed& seed, crypto::role role, group_id group, std::string id);

  const identity& public_part() const noexcept { return public_; }
  const bytes& encoded() const noexcept { return encoded_; }
  const fingerprint& own_fingerprint() const noexcept { return fingerprint_; }
  const suite& group() const noexcept { return suite_; }

  /// A signature of ours in context `ctx`.
  bytes sign(std::string_view ctx, std::initializer_list<byte_view> message,
             random_source& random) const;

  /// dh with our KEM key.
  result<shared_secret> dh(byte_view encoded_y) const { return suite_.dh(x_kem_, encoded_y); }

  /// Expand(seed_prk, "group secret", 32) of section 9.
  secret<32> group_secret() const;

 private:
  const suite& suite_;
  pseudorandom_key prk_;
  signature_private_key x_sig_;
  kem_private_key x_kem_;
  identity public_;
  bytes encoded_;
  fingerprint fingerprint_;
};

}  // namespace wardline::crypto
