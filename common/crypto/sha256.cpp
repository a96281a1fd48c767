#include "common/crypto/sha256.hpp"

#include <cryptopp/sha.h>

namespace wardline::crypto {

digest sha256(std::span<const byte_view> parts) {
  CryptoPP::SHA256 hash;
  for (const auto part : parts) {
    if (!part.empty()) hash.Update(part.data(), part.size());
  }
  digest out;
  hash.Final(out.value.data());
  return out;
}

}  // namespace wardline::crypto
