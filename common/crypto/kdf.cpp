#include "common/crypto/kdf.hpp"

#include <algorithm>
#include <stdexcept>

#include <cryptopp/hmac.h>
#include <cryptopp/sha.h>

namespace wardline::crypto {
namespace {

constexpr std::size_t hash_size = 32;

// HMAC under one key; keyed once, however many values are made. Crypto++ wipes its state.
class keyed_hmac {
 public:
  explicit keyed_hmac(byte_view key)
      // An empty key is a key, but Crypto++ copies from its address.
      : hmac_(key.empty() ? &nothing : key.data(), key.size()) {}

  void update(byte_view part) {
    if (!part.empty()) hmac_.Update(part.data(), part.size());
  }

  // Ends the value; the next update() begins another.
  void finish(std::span<byte, hash_size> out) { hmac_.Final(out.data()); }

 private:
  static constexpr byte nothing = 0;
  CryptoPP::HMAC<CryptoPP::SHA256> hmac_;
};

}  // namespace

digest hmac_sha256(byte_view key, std::initializer_list<byte_view> parts) {
  keyed_hmac hmac(key);
  for (const auto part : parts) hmac.update(part);
  digest out;
  hmac.finish(out.value);
  return out;
}

pseudorandom_key extract(byte_view salt, std::initializer_list<byte_view> ikm) {
  keyed_hmac hmac(salt);
  for (const auto part : ikm) hmac.update(part);
  pseudorandom_key out;
  hmac.finish(out.writable());
  return out;
}

void expand(byte_view prk, std::string_view label, std::initializer_list<byte_view> context,
            byte_span out) {
  // RFC 5869, section 2.3: L <= 255 * HashLen.
  if (out.size() > 255 * hash_size) throw std::length_error("HKDF-Expand of over 8,160 bytes");
  keyed_hmac hmac(prk);
  secret<hash_size> block;  // T(i)
  for (byte i = 1; !out.empty(); ++i) {
    if (i > 1) hmac.update(block.view());
    hmac.update(as_bytes(label));
    for (const auto part : context) hmac.update(part);
    hmac.update({&i, 1});
    hmac.finish(block.writable());
    const std::size_t size = std::min(out.size(), hash_size);
    std::copy_n(block.view().begin(), size, out.begin());
    out = out.subspan(size);
  }
}

}  // namespace wardline::crypto
