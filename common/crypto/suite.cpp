#include "common/crypto/suite.hpp"

#include "common/crypto/declassify.hpp"
#include "common/crypto/elgamal.hpp"
#include "common/crypto/ffdhe.hpp"
#include "common/crypto/group.hpp"
#include "common/crypto/labels.hpp"
#include "common/crypto/ristretto255.hpp"

namespace wardline::crypto {
namespace {

/// The algorithms for the model `G`, behind the virtual face.
template <Group G>
class suite_over final : public suite {
 public:
  group_id id() const noexcept override { return G::id; }
  std::string_view name() const noexcept override { return G::name; }
  std::size_t element_size() const noexcept override { return G::element_size; }
  std::size_t scalar_size() const noexcept override { return G::scalar_size; }
  std::size_t short_exponent_size() const noexcept override { return G::short_exponent_size; }

  result<void> check_element(byte_view encoded) const override {
    if (!G::decode(encoded)) return errc::invalid_element;
    return {};
  }

  result<void> check_public_key(byte_view encoded) const override {
    const auto y = G::decode(encoded);
    if (!y || !G::in_subgroup(*y)) return errc::invalid_element;
    return {};
  }

  // Section 3: x_sig = 1 + (OS2I(Expand(prk, "signature key" || group, |q|+16)) mod (q-1))
  signature_private_key derive_signature_key(const pseudorandom_key& prk) const override {
    secret_bytes wide(scalars().wide_size());
    expand(prk.view(), label::signature_key, {group()}, wide.writable());
    return {scalars().encode(scalars().reduce_to_nonzero(wide.view()))};
  }

  // Section 3: x_kem = OS2I(Expand(prk, "kem key" || group, n)), mod q in group 4, 0 replaced by 1
  kem_private_key derive_kem_key(const pseudorandom_key& prk) const override {
    secret_bytes wide(G::kem_secret_size);
    expand(prk.view(), label::kem_key, {group()}, wide.writable());
    return {scalars().encode(scalars().reduce_or_one(wide.view()))};
  }

  signature_public_key public_key(const signature_private_key& x) const override {
    return {to_bytes(power_of_generator(x.scalar))};
  }

  kem_public_key public_key(const kem_private_key& x) const override {
    return {to_bytes(power_of_generator(x.scalar))};
  }

  kem_private_key make_ephemeral(random_source& random) const override {
    const auto wide = random.make_secret<G::kem_secret_size>();
    return {scalars().encode(scalars().reduce_or_one(wide.view()))};
  }

  result<shared_secret> dh(const kem_private_key& x, byte_view encoded_y) const override {
    auto shared = G::dh(scalars().decode(x.scalar.view()), encoded_y);
    if (!shared) return shared.error();
    return shared_secret{std::move(*shared)};
  }

  bytes sign(const signature_private_key& x, const signature_public_key& y, std::string_view ctx,
             std::initializer_list<byte_view> message, random_source& random) const override {
    return elgamal::sign<G>(scalars().decode(x.scalar.view()), y.encoded, ctx,
                            {message.begin(), message.size()}, random);
  }

  result<void> verify(const signature_public_key& y, std::string_view ctx,
                      std::initializer_list<byte_view> message,
                      byte_view signature) const override {
    if (!elgamal::verify<G>(y.encoded, ctx, {message.begin(), message.size()}, signature)) {
      return errc::invalid_signature;
    }
    return {};
  }

 private:
  static const scalar_field& scalars() { return G::scalars(); }

  static byte_view group() noexcept {
    static constexpr byte number = static_cast<byte>(G::id);
    return {&number, 1};
  }

  static typename G::element power(const secret_bytes& x) {
    return G::power_of_generator(scalars().decode(x.view()));
  }
  // A public key or the head of a handshake, E or F: sent to whoever asks (sections 3 and 6).
  static bytes power_of_generator(const secret_bytes& x) {
    bytes out = to_bytes(power(x).encoded());
    declassify(out);
    return out;
  }
};

// Objects without state; the models make theirs on first use.
const suite_over<ffdhe<2048>> ffdhe2048_suite;
const suite_over<ffdhe<3072>> ffdhe3072_suite;
const suite_over<ffdhe<4096>> ffdhe4096_suite;
const suite_over<ristretto255> ristretto255_suite;

}  // namespace

const suite* find_suite(byte group) noexcept {
  switch (static_cast<group_id>(group)) {
    case group_id::ffdhe2048:
      return &ffdhe2048_suite;
    case group_id::ffdhe3072:
      return &ffdhe3072_suite;
    case group_id::ffdhe4096:
      return &ffdhe4096_suite;
    case group_id::ristretto255:
      return &ristretto255_suite;
  }
  return nullptr;
}

const suite& suite_of(group_id group) { return *find_suite(static_cast<byte>(group)); }

std::optional<group_id> group_named(std::string_view name) noexcept {
  for (byte group = 1; const suite* found = find_suite(group); ++group) {
    if (found->name() == name) return found->id();
  }
  return std::nullopt;
}

std::string_view name(group_id group) noexcept { return suite_of(group).name(); }

}  // namespace wardline::crypto
