#include "bench/primitives/openssl_dh.hpp"

#include <openssl/core_names.h>
#include <openssl/dh.h>
#include <openssl/param_build.h>

#include "bench/primitives/openssl.hpp"

namespace wardline::bench::primitives {
namespace {

using parameter_builder = std::unique_ptr<OSSL_PARAM_BLD, free_by<OSSL_PARAM_BLD_free>>;
using parameters = std::unique_ptr<OSSL_PARAM, free_by<OSSL_PARAM_free>>;

openssl_number read(byte_view x) {
  return openssl_number(openssl_check(BN_bin2bn(x.data(), static_cast<int>(x.size()), nullptr)));
}

// The public key, or with `x` the pair.
openssl_key read_key(const std::string& group, byte_view x, byte_view y) {
  const auto secret = read(x);
  const auto value = read(y);
  const parameter_builder builder(openssl_check(OSSL_PARAM_BLD_new()));
  openssl_check(OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME,
                                                group.c_str(), group.size()));
  openssl_check(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, value.get()));
  if (!x.empty()) {
    openssl_check(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, secret.get()));
  }
  const parameters all(openssl_check(OSSL_PARAM_BLD_to_param(builder.get())));
  const openssl_key_context reader(
      openssl_check(EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr)));
  openssl_check(EVP_PKEY_fromdata_init(reader.get()));
  EVP_PKEY* key = nullptr;
  openssl_check(EVP_PKEY_fromdata(reader.get(), &key,
                                  x.empty() ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR, all.get()));
  return openssl_key(key);
}

openssl_key make_x25519() {
  return openssl_key(openssl_check(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519")));
}

openssl_key_context context_of(EVP_PKEY* key) {
  return openssl_key_context(openssl_check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)));
}

// The peer's key is not validated here: that is a row of its own.
openssl_key_context agree(EVP_PKEY* own, EVP_PKEY* peer) {
  auto out = context_of(own);
  openssl_check(EVP_PKEY_derive_init(out.get()));
  openssl_check(EVP_PKEY_derive_set_peer_ex(out.get(), peer, 0));
  return out;
}

bytes derive_with(EVP_PKEY_CTX* agreement) {
  std::size_t size = 0;
  openssl_check(EVP_PKEY_derive(agreement, nullptr, &size));
  bytes out(size);
  openssl_check(EVP_PKEY_derive(agreement, out.data(), &size));
  out.resize(size);
  return out;
}

}  // namespace

struct openssl_dh::state {
  state(openssl_key ours, openssl_key theirs)
      : own(std::move(ours)),
        peer(std::move(theirs)),
        agreement(agree(own.get(), peer.get())),
        check(context_of(peer.get())) {}

  openssl_key own;
  openssl_key peer;
  openssl_key_context agreement;
  openssl_key_context check;
};

openssl_dh::openssl_dh(const std::string& group, byte_view x, byte_view own, byte_view peer)
    : state_(std::make_unique<state>(read_key(group, x, own), read_key(group, {}, peer))) {
  openssl_check(EVP_PKEY_CTX_set_dh_pad(state_->agreement.get(), 1));
}

openssl_dh::openssl_dh() : state_(std::make_unique<state>(make_x25519(), make_x25519())) {}

openssl_dh::~openssl_dh() = default;

bytes openssl_dh::derive() { return derive_with(state_->agreement.get()); }

bool openssl_dh::peer_is_valid() { return EVP_PKEY_public_check(state_->check.get()) == 1; }

bool openssl_dh::peer_derives(byte_view shared) {
  const auto other_way = agree(state_->peer.get(), state_->own.get());
  const auto theirs = derive_with(other_way.get());
  return std::equal(theirs.begin(), theirs.end(), shared.begin(), shared.end());
}

}  // namespace wardline::bench::primitives
