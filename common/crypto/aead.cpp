#include "common/crypto/aead.hpp"

#include <cryptopp/aes.h>
#include <cryptopp/gcm.h>

#include "common/crypto/declassify.hpp"

namespace wardline::crypto {
namespace {

// Crypto++ wants an address even where there is nothing to read or write.
const byte* address(byte_view data) noexcept {
  static constexpr byte nothing = 0;
  return data.empty() ? &nothing : data.data();
}

}  // namespace

void aes256_gcm::seal(const nonce& n, byte_view aad, byte_view plaintext, bytes& out) const {
  const std::size_t start = out.size();
  out.resize(start + plaintext.size() + tag_size);
  byte* const ciphertext = out.data() + start;
  CryptoPP::GCM<CryptoPP::AES>::Encryption cipher;
  cipher.SetKeyWithIV(key_.view().data(), key_size, n.data(), nonce_size);
  cipher.EncryptAndAuthenticate(ciphertext, ciphertext + plaintext.size(), tag_size, n.data(),
                                static_cast<int>(nonce_size), address(aad), aad.size(),
                                address(plaintext), plaintext.size());
}

result<secret_bytes> aes256_gcm::open(const nonce& n, byte_view aad, byte_view sealed) const {
  if (sealed.size() < tag_size) return errc::invalid_tag;
  const auto ciphertext = sealed.first(sealed.size() - tag_size);
  const auto tag = sealed.last(tag_size);
  // Crypto++ writes the plaintext before it knows the tag: into memory of ours, which is wiped
  // when the tag does not fit.
  secret_bytes plaintext(ciphertext.size());
  byte spare = 0;
  CryptoPP::GCM<CryptoPP::AES>::Decryption cipher;
  cipher.SetKeyWithIV(key_.view().data(), key_size, n.data(), nonce_size);
  const bool genuine =
      cipher.DecryptAndVerify(plaintext.empty() ? &spare : plaintext.writable().data(), tag.data(),
                              tag_size, n.data(), static_cast<int>(nonce_size), address(aad),
                              aad.size(), address(ciphertext), ciphertext.size());
  // Section 5: "A tag that fails ends the connection", for all to see.
  if (!declassified(genuine)) return errc::invalid_tag;
  return plaintext;
}

}  // namespace wardline::crypto
