#pragma once

#include <optional>
#include <string_view>

#include "tests/system/adversary/octets.hpp"

/// What section 1 names, over libcrypto's EVP interface.
namespace wardline::test::adversary {

octets hash(const octets& data);
octets hmac(const octets& key, const octets& data);
octets extract(const octets& salt, const octets& ikm);

/// `info` is the label, given without its "wardline/1 ", followed by the context.
octets expand(const octets& prk, std::string_view label, const octets& context, std::size_t size);
inline octets expand(const octets& prk, std::string_view label, std::size_t size) {
  return expand(prk, label, {}, size);
}

/// A label in full.
octets label(std::string_view text);

octets seal(const octets& key, const octets& nonce, const octets& aad, const octets& plaintext);
std::optional<octets> open(const octets& key, const octets& nonce, const octets& aad,
                           const octets& sealed);

octets random_octets(std::size_t size);

}  // namespace wardline::test::adversary
