#include "tests/system/adversary/primitives.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

namespace wardline::test::adversary {
namespace {

constexpr std::size_t tag_size = 16;
constexpr std::size_t hash_size = 32;

void must(int ok) {
  if (ok <= 0) throw std::runtime_error("libcrypto refused");
}

int length(const octets& data) { return static_cast<int>(data.size()); }

// EVP takes no null pointer for an empty field.
const unsigned char* pointer(const octets& data) {
  static const unsigned char nothing = 0;
  return data.empty() ? &nothing : data.data();
}

octets derive(int mode, const octets& key, const octets& salt, const octets& info,
              std::size_t size) {
  const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> c(
      EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr), EVP_PKEY_CTX_free);
  must(EVP_PKEY_derive_init(c.get()));
  must(EVP_PKEY_CTX_set_hkdf_mode(c.get(), mode));
  must(EVP_PKEY_CTX_set_hkdf_md(c.get(), EVP_sha256()));
  must(EVP_PKEY_CTX_set1_hkdf_key(c.get(), pointer(key), length(key)));
  if (mode == EVP_PKEY_HKDEF_MODE_EXTRACT_ONLY) {
    must(EVP_PKEY_CTX_set1_hkdf_salt(c.get(), pointer(salt), length(salt)));
  } else {
    must(EVP_PKEY_CTX_add1_hkdf_info(c.get(), pointer(info), length(info)));
  }
  octets out(size);
  must(EVP_PKEY_derive(c.get(), out.data(), &size));
  return out;
}

using cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

}  // namespace

octets hash(const octets& data) {
  octets out(hash_size);
  must(EVP_Digest(pointer(data), data.size(), out.data(), nullptr, EVP_sha256(), nullptr));
  return out;
}

octets hmac(const octets& key, const octets& data) {
  octets out(hash_size);
  if (HMAC(EVP_sha256(), pointer(key), length(key), pointer(data), data.size(), out.data(),
           nullptr) == nullptr) {
    must(0);
  }
  return out;
}

octets extract(const octets& salt, const octets& ikm) {
  return derive(EVP_PKEY_HKDEF_MODE_EXTRACT_ONLY, ikm, salt, {}, hash_size);
}

octets expand(const octets& prk, std::string_view text, const octets& context, std::size_t size) {
  return derive(EVP_PKEY_HKDEF_MODE_EXPAND_ONLY, prk, {}, label(text) + context, size);
}

octets label(std::string_view text) { return ascii("wardline/1 ") + ascii(text); }

octets seal(const octets& key, const octets& nonce, const octets& aad, const octets& plaintext) {
  const cipher c(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  octets out(plaintext.size() + tag_size);
  int n = 0;
  must(EVP_EncryptInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data()));
  must(EVP_EncryptUpdate(c.get(), nullptr, &n, pointer(aad), length(aad)));
  must(EVP_EncryptUpdate(c.get(), out.data(), &n, pointer(plaintext), length(plaintext)));
  must(EVP_EncryptFinal_ex(c.get(), out.data() + n, &n));
  must(EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_GET_TAG, tag_size, out.data() + plaintext.size()));
  return out;
}

std::optional<octets> open(const octets& key, const octets& nonce, const octets& aad,
                           const octets& sealed) {
  if (sealed.size() < tag_size) return std::nullopt;
  const octets text = first(sealed, sealed.size() - tag_size);
  octets tag = from(sealed, text.size());
  const cipher c(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  octets out(text.size() + 1);  // never empty
  int n = 0;
  must(EVP_DecryptInit_ex(c.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data()));
  must(EVP_DecryptUpdate(c.get(), nullptr, &n, pointer(aad), length(aad)));
  must(EVP_DecryptUpdate(c.get(), out.data(), &n, pointer(text), length(text)));
  must(EVP_CIPHER_CTX_ctrl(c.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()));
  if (EVP_DecryptFinal_ex(c.get(), out.data() + n, &n) <= 0) return std::nullopt;
  out.resize(text.size());
  return out;
}

octets random_octets(std::size_t size) {
  octets out(size);
  must(RAND_bytes(out.data(), length(out)));
  return out;
}

}  // namespace wardline::test::adversary
