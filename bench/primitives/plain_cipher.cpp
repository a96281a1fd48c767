#include "bench/primitives/plain_cipher.hpp"

#include <cryptopp/aes.h>
#include <cryptopp/gcm.h>
#include <sodium.h>

#include "bench/primitives/openssl.hpp"

namespace wardline::bench::primitives {
namespace {

constexpr std::size_t tag_size = crypto::aes256_gcm::tag_size;

class cryptopp final : public plain_cipher {
 public:
  explicit cryptopp(byte_view key) {
    const nonce none{};
    encryption_.SetKeyWithIV(key.data(), key.size(), none.data(), none.size());
    decryption_.SetKeyWithIV(key.data(), key.size(), none.data(), none.size());
  }

  bool seal(const nonce& n, byte_view aad, byte_view plaintext, byte_span out) override {
    encryption_.EncryptAndAuthenticate(out.data(), out.data() + plaintext.size(), tag_size,
                                       n.data(), static_cast<int>(n.size()), aad.data(), aad.size(),
                                       plaintext.data(), plaintext.size());
    return true;
  }

  bool open(const nonce& n, byte_view aad, byte_view sealed, byte_span out) override {
    return decryption_.DecryptAndVerify(out.data(), sealed.data() + out.size(), tag_size, n.data(),
                                        static_cast<int>(n.size()), aad.data(), aad.size(),
                                        sealed.data(), out.size());
  }

 private:
  CryptoPP::GCM<CryptoPP::AES>::Encryption encryption_;
  CryptoPP::GCM<CryptoPP::AES>::Decryption decryption_;
};

class openssl final : public plain_cipher {
 public:
  explicit openssl(byte_view key) {
    openssl_check(
        EVP_EncryptInit_ex(sealing_.get(), EVP_aes_256_gcm(), nullptr, key.data(), nullptr));
    openssl_check(
        EVP_DecryptInit_ex(opening_.get(), EVP_aes_256_gcm(), nullptr, key.data(), nullptr));
  }

  bool seal(const nonce& n, byte_view aad, byte_view plaintext, byte_span out) override {
    auto* const c = sealing_.get();
    int size = 0;
    return EVP_EncryptInit_ex(c, nullptr, nullptr, nullptr, n.data()) == 1 &&
           EVP_EncryptUpdate(c, nullptr, &size, aad.data(), static_cast<int>(aad.size())) == 1 &&
           EVP_EncryptUpdate(c, out.data(), &size, plaintext.data(),
                             static_cast<int>(plaintext.size())) == 1 &&
           EVP_EncryptFinal_ex(c, out.data() + size, &size) == 1 &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, tag_size, out.data() + plaintext.size()) ==
               1;
  }

  bool open(const nonce& n, byte_view aad, byte_view sealed, byte_span out) override {
    auto* const c = opening_.get();
    int size = 0;
    byte_array<tag_size> tag;
    std::copy_n(sealed.end() - tag_size, tag_size, tag.begin());
    return EVP_DecryptInit_ex(c, nullptr, nullptr, nullptr, n.data()) == 1 &&
           EVP_DecryptUpdate(c, nullptr, &size, aad.data(), static_cast<int>(aad.size())) == 1 &&
           EVP_DecryptUpdate(c, out.data(), &size, sealed.data(), static_cast<int>(out.size())) ==
               1 &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
           EVP_DecryptFinal_ex(c, out.data() + size, &size) == 1;
  }

 private:
  openssl_cipher_context sealing_{openssl_check(EVP_CIPHER_CTX_new())};
  openssl_cipher_context opening_{openssl_check(EVP_CIPHER_CTX_new())};
};

class sodium final : public plain_cipher {
 public:
  explicit sodium(byte_view key) { crypto_aead_aes256gcm_beforenm(&state_, key.data()); }

  bool seal(const nonce& n, byte_view aad, byte_view plaintext, byte_span out) override {
    return crypto_aead_aes256gcm_encrypt_afternm(out.data(), nullptr, plaintext.data(),
                                                 plaintext.size(), aad.data(), aad.size(), nullptr,
                                                 n.data(), &state_) == 0;
  }

  bool open(const nonce& n, byte_view aad, byte_view sealed, byte_span out) override {
    return crypto_aead_aes256gcm_decrypt_afternm(out.data(), nullptr, nullptr, sealed.data(),
                                                 sealed.size(), aad.data(), aad.size(), n.data(),
                                                 &state_) == 0;
  }

 private:
  crypto_aead_aes256gcm_state state_;
};

}  // namespace

bool sodium_has_aes() { return crypto_aead_aes256gcm_is_available() == 1; }

std::vector<cipher_maker> cipher_makers() {
  std::vector<cipher_maker> out{{"Crypto++", cryptopp_cipher}, {"OpenSSL", openssl_cipher}};
  if (sodium_has_aes()) out.push_back({"libsodium", sodium_cipher});
  return out;
}

std::unique_ptr<plain_cipher> cryptopp_cipher(byte_view key) {
  return std::make_unique<cryptopp>(key);
}
std::unique_ptr<plain_cipher> openssl_cipher(byte_view key) {
  return std::make_unique<openssl>(key);
}
std::unique_ptr<plain_cipher> sodium_cipher(byte_view key) { return std::make_unique<sodium>(key); }

}  // namespace wardline::bench::primitives
