#pragma once

#include <initializer_list>
#include <memory>
#include <span>

#include "common/util/fixed_bytes.hpp"

namespace wardline::crypto {

/// A SHA-256 value (FIPS 180-4).
using digest = fixed_bytes<struct digest_tag, 32>;

/// SHA-256 over the concatenation of `parts`.
digest sha256(std::span<const byte_view> parts);

inline digest sha256(std::initializer_list<byte_view> parts) {
  return sha256(std::span(parts.begin(), parts.size()));
}

/// SHA-256 over bytes that come one after another.
class sha256_stream {
 public:
  sha256_stream();
  sha256_stream(sha256_stream&&) noexcept;
  sha256_stream& operator=(sha256_stream&&) noexcept;
  ~sha256_stream();

  void add(byte_view part);
  /// Of all that was added; begins anew.
  digest finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace wardline::crypto
