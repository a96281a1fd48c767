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

struct sha256_stream::state {
  CryptoPP::SHA256 hash;
};

sha256_stream::sha256_stream() : state_(std::make_unique<state>()) {}
sha256_stream::sha256_stream(sha256_stream&&) noexcept = default;
sha256_stream& sha256_stream::operator=(sha256_stream&&) noexcept = default;
sha256_stream::~sha256_stream() = default;

void sha256_stream::add(byte_view part) {
  if (!part.empty()) state_->hash.Update(part.data(), part.size());
}

digest sha256_stream::finish() {
  digest out;
  state_->hash.Final(out.value.data());
  return out;
}

}  // namespace wardline::crypto
