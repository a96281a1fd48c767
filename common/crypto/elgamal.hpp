#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "common/crypto/declassify.hpp"
#include "common/crypto/group.hpp"
#include "common/crypto/kdf.hpp"
#include "common/crypto/labels.hpp"

/// Section 4: the generalised ElGamal signature (Handbook of Applied Cryptography, 11.5.2) in a
/// group of prime order, its hash bound to R (Pointcheval and Stern, J. Cryptology 2000). The
/// steps are functions of their own, so that each can be held against its known answer.
namespace wardline::crypto::elgamal {

/// k, and the factor t that blinds its inversion (scalar_field::respond).
struct nonce {
  scalar k;
  scalar t;
};

/// k = 1 + (OS2I(Expand(Extract(rnd32 || enc_q(x), ctx), "elgamal nonce" || H(m), |q|+16))
///          mod (q-1))
/// t likewise under a label of its own: it is as secret as k, and asks for no more randomness, so
/// that a signature remains a function of its inputs.
template <Group G>
nonce make_nonce(const secret<32>& rnd, const scalar& x, std::string_view ctx,
                 const digest& message_hash) {
  const auto& field = G::scalars();
  secret_bytes salt(rnd.size + field.size());
  const auto encoded_x = field.encode(x);
  std::copy(rnd.view().begin(), rnd.view().end(), salt.writable().begin());
  std::copy(encoded_x.view().begin(), encoded_x.view().end(), salt.writable().begin() + rnd.size);
  const auto prk = extract(salt.view(), {as_bytes(ctx)});
  secret_bytes wide(field.wide_size());
  expand(prk.view(), label::elgamal_nonce, {message_hash.view()}, wide.writable());
  scalar k = field.reduce_to_nonzero(wide.view());
  expand(prk.view(), label::elgamal_blinding, {message_hash.view()}, wide.writable());
  return {std::move(k), field.reduce_to_nonzero(wide.view())};
}

/// e = OS2I(H("elgamal e" || enc(R))) mod q
template <Group G>
scalar make_e(byte_view encoded_r) {
  return G::scalars().reduce(sha256({as_bytes(label::elgamal_e), encoded_r}).view());
}

/// h = OS2I(Expand(H("elgamal h" || group || enc(y) || enc(R) || u8(len(ctx)) || ctx || m),
///          "elgamal h wide", |q|+16)) mod q
template <Group G>
scalar make_h(byte_view encoded_y, byte_view encoded_r, std::string_view ctx,
              std::span<const byte_view> message) {
  const byte group = static_cast<byte>(G::id);
  const byte ctx_size = static_cast<byte>(ctx.size());
  std::vector<byte_view> parts{
      as_bytes(label::elgamal_h), {&group, 1}, encoded_y, encoded_r, {&ctx_size, 1}, as_bytes(ctx)};
  parts.insert(parts.end(), message.begin(), message.end());
  bytes wide(G::scalars().wide_size());
  expand(sha256(parts).view(), label::elgamal_h_wide, {}, wide);
  return G::scalars().reduce(wide);
}

/// enc(R) || enc_q(s). `encoded_y` is enc(g^x).
template <Group G>
bytes sign(const scalar& x, byte_view encoded_y, std::string_view ctx,
           std::span<const byte_view> message, random_source& random) {
  const auto& field = G::scalars();
  const digest message_hash = sha256(message);
  for (;;) {
    const auto rnd = random.make_secret<32>();
    const auto [k, t] = make_nonce<G>(rnd, x, ctx, message_hash);
    const auto r = G::power_of_generator(k);
    // Section 4: "signature = enc(R) || enc_q(s)". e and h follow from R.
    declassify(r.encoded());
    const scalar e = make_e<G>(r.encoded());
    const scalar h = make_h<G>(encoded_y, r.encoded(), ctx, message);
    const scalar s = field.respond(h, x, e, k, t);
    declassify(memory_of(s));
    // Section 4: again with other randomness if s = 0.
    if (is_zero(s.value.view())) continue;
    bytes signature = to_bytes(r.encoded());
    append(signature, field.encode(s).view());
    return signature;
  }
}

/// True if `signature` is one of m in the context `ctx` under the key `encoded_y`, which must be
/// of order q.
template <Group G>
bool verify(byte_view encoded_y, std::string_view ctx, std::span<const byte_view> message,
            byte_view signature) {
  // Section 4: exact length; R decodes and lies in the order-q subgroup; 0 < s < q.
  if (signature.size() != G::element_size + G::scalar_size) return false;
  const auto r = signature.first(G::element_size);
  const auto s = G::scalars().decode_public(signature.subspan(G::element_size));
  if (!s) return false;
  return G::equation_holds(encoded_y, make_e<G>(r), r, *s, make_h<G>(encoded_y, r, ctx, message));
}

}  // namespace wardline::crypto::elgamal
