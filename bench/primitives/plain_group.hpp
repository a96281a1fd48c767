#pragma once

#include <memory>
#include <string_view>

#include "common/util/bytes.hpp"

namespace wardline::bench::primitives {

/// A signature scheme as another library has it, with one key pair inside.
class plain_signer {
 public:
  virtual ~plain_signer() = default;

  /// As shown in the report.
  virtual std::string_view name() const = 0;
  virtual void make_key() = 0;
  virtual bytes sign(byte_view message) = 0;
  virtual bool verify(byte_view message, byte_view signature) = 0;
};

/// The same group as ours, as one computes in it with another library's integers and no tables
/// made in advance: the squares modulo a safe prime p, the generator 2, numbers big-endian in as
/// many bytes as p has. Keys and nonces are as long as q.
class plain_group : public plain_signer {
 public:
  virtual bytes power_of_generator(byte_view x) = 0;
  virtual bytes power(byte_view base, byte_view x) = 0;
  virtual bool in_subgroup(byte_view y) = 0;
};

/// `Integer` exponentiation (not constant-time); the signature is its GDSA (DSA without the limit
/// on q) with SHA-256.
std::unique_ptr<plain_group> cryptopp_group(byte_view prime);

/// The same signature, verified by two exponentiations and a product, where Crypto++ itself
/// computes both powers in one pass.
std::unique_ptr<plain_signer> cryptopp_by_two_exponentiations(byte_view prime);

/// BN, constant-time where the exponent is secret; the signature is textbook ElGamal with SHA-256,
/// verified as OpenSSL verifies DSA, by one product of two powers.
std::unique_ptr<plain_group> openssl_group(byte_view prime);

/// Ed25519, where ours is ElGamal in ristretto255.
std::unique_ptr<plain_signer> sodium_ed25519();
std::unique_ptr<plain_signer> openssl_ed25519();

}  // namespace wardline::bench::primitives
