#include <sodium.h>

#include "bench/primitives/openssl.hpp"
#include "bench/primitives/plain_group.hpp"

namespace wardline::bench::primitives {
namespace {

class sodium_signer final : public plain_signer {
 public:
  sodium_signer() { make_key(); }

  std::string_view name() const override { return "libsodium Ed25519"; }

  void make_key() override { crypto_sign_keypair(y_.data(), x_.data()); }

  bytes sign(byte_view message) override {
    bytes out(crypto_sign_BYTES);
    crypto_sign_detached(out.data(), nullptr, message.data(), message.size(), x_.data());
    return out;
  }

  bool verify(byte_view message, byte_view signature) override {
    return signature.size() == crypto_sign_BYTES &&
           crypto_sign_verify_detached(signature.data(), message.data(), message.size(),
                                       y_.data()) == 0;
  }

 private:
  byte_array<crypto_sign_SECRETKEYBYTES> x_{};
  byte_array<crypto_sign_PUBLICKEYBYTES> y_{};
};

class openssl_signer final : public plain_signer {
 public:
  openssl_signer() { make_key(); }

  std::string_view name() const override { return "OpenSSL Ed25519"; }

  void make_key() override {
    key_.reset(openssl_check(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")));
  }

  bytes sign(byte_view message) override {
    bytes out(crypto_sign_BYTES);
    std::size_t size = out.size();
    openssl_check(EVP_MD_CTX_reset(work_.get()));
    openssl_check(EVP_DigestSignInit(work_.get(), nullptr, nullptr, nullptr, key_.get()));
    openssl_check(EVP_DigestSign(work_.get(), out.data(), &size, message.data(), message.size()));
    return out;
  }

  bool verify(byte_view message, byte_view signature) override {
    openssl_check(EVP_MD_CTX_reset(work_.get()));
    openssl_check(EVP_DigestVerifyInit(work_.get(), nullptr, nullptr, nullptr, key_.get()));
    return EVP_DigestVerify(work_.get(), signature.data(), signature.size(), message.data(),
                            message.size()) == 1;
  }

 private:
  openssl_key key_;
  openssl_digest_context work_{openssl_check(EVP_MD_CTX_new())};
};

}  // namespace

std::unique_ptr<plain_signer> sodium_ed25519() { return std::make_unique<sodium_signer>(); }
std::unique_ptr<plain_signer> openssl_ed25519() { return std::make_unique<openssl_signer>(); }

}  // namespace wardline::bench::primitives
