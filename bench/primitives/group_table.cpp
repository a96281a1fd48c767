#include <memory>
#include <vector>

#include "bench/primitives/broadcast_table.hpp"
#include "bench/primitives/comparison.hpp"
#include "bench/primitives/exponentiation_table.hpp"
#include "bench/primitives/tables.hpp"
#include "common/crypto/labels.hpp"
#include "common/crypto/random.hpp"

namespace wardline::bench::primitives {
namespace {

constexpr std::size_t message_size = 256;  // bytes: a short broadcast

// Who else signs.
std::vector<std::unique_ptr<plain_signer>> make_signers(crypto::group_id group) {
  std::vector<std::unique_ptr<plain_signer>> out;
  if (group == crypto::group_id::ristretto255) {
    out.push_back(sodium_ed25519());
    out.push_back(openssl_ed25519());
  } else {
    out.push_back(cryptopp_group(prime_of(group)));
    out.push_back(openssl_group(prime_of(group)));
  }
  return out;
}

using signers = std::vector<std::unique_ptr<plain_signer>>;

// A fresh signature key pair: 32 random bytes become x, and y = g^x.
void measure_keys(const crypto::suite& group, const signers& others, const settings& how,
                  report& out) {
  crypto::system_random random;
  comparison keys(row_of("key generation", std::string(group.name())));
  crypto::signature_public_key made;
  keys.add(
      std::string(ours),
      [&] {
        const auto seed = random.make_secret<32>();
        const auto prk = crypto::extract(as_bytes(crypto::label::identity_seed), {seed.view()});
        made = group.public_key(group.derive_signature_key(prk));
        return true;
      },
      [&] { return group.check_public_key(made.encoded).has_value(); });
  const bytes message(message_size);
  for (const auto& other : others) {
    auto* const signer = other.get();
    keys.add(
        std::string(signer->name()),
        [signer] {
          signer->make_key();
          return true;
        },
        [signer, &message] { return signer->verify(message, signer->sign(message)); });
  }
  keys.run(how, out);
}

void measure_signatures(const crypto::own_identity& self, const signers& others,
                        const settings& how, report& out) {
  crypto::system_random random;
  const std::string group(self.group().name());
  const auto context = crypto::label::broadcast;
  bytes message(message_size);
  random.fill(message);
  bytes other_message = message;
  other_message.front() ^= 1U;

  comparison sign(row_of("signature", group));
  comparison verify(row_of("verification", group));
  const auto check = [&](byte_view m, byte_view signature) {
    return self.group().verify(self.public_part().y_sig, context, {m}, signature).has_value();
  };
  bytes signature;
  sign.add(
      std::string(ours),
      [&] {
        signature = self.sign(context, {message}, random);
        return true;
      },
      [&] { return check(message, signature); });
  verify.add(
      std::string(ours), [&] { return check(message, signature); },
      [&] { return !check(other_message, signature); });

  std::vector<bytes> signatures(others.size());
  for (std::size_t i = 0; i < others.size(); ++i) {
    auto* const signer = others[i].get();
    auto* const made = &signatures[i];
    sign.add(
        std::string(signer->name()),
        [&, signer, made] {
          *made = signer->sign(message);
          return true;
        },
        [&, signer, made] { return signer->verify(message, *made); });
    verify.add(
        std::string(signer->name()), [&, signer, made] { return signer->verify(message, *made); },
        [&, signer, made] { return !signer->verify(other_message, *made); });
  }
  std::unique_ptr<plain_signer> plain;
  bytes plain_signature;
  if (self.group().id() != crypto::group_id::ristretto255) {
    plain = cryptopp_by_two_exponentiations(prime_of(self.group().id()));
    plain_signature = plain->sign(message);
    verify.add(
        std::string(plain->name()), [&] { return plain->verify(message, plain_signature); },
        [&] { return !plain->verify(other_message, plain_signature); });
  }
  sign.run(how, out);
  verify.run(how, out);
}

}  // namespace

void measure_group(crypto::group_id group, const settings& how, report& out) {
  crypto::system_random random;
  const crypto::own_identity self(random.make_secret<32>(), crypto::role::doctor, group, "bench");
  const auto others = make_signers(group);
  measure_keys(self.group(), others, how, out);
  measure_signatures(self, others, how, out);
  if (group == crypto::group_id::ristretto255) {
    measure_curve_exponentiations(how, out);
    out.remark(
        "ristretto255: key generation, signature, verification and broadcast stand beside Ed25519, "
        "a different scheme on the same curve; OpenSSL's dh is X25519");
  } else {
    measure_modular_exponentiations(group, how, out);
    out.remark(
        "ffdhe: signatures stand beside GDSA (Crypto++) and textbook ElGamal (OpenSSL BN) over the "
        "same p, q and g with SHA-256, keys and nonces as long as q; only Wardline's and OpenSSL's "
        "exponentiations with a secret are constant-time");
    out.remark(
        "element check: \"OpenSSL EVP\" is EVP_PKEY_public_check, which raises the element to the "
        "power q; the others use Jacobi's symbol");
  }
  measure_broadcast(self, others, how, out);
}

}  // namespace wardline::bench::primitives
