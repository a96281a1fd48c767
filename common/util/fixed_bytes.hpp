#pragma once

#include <algorithm>
#include <compare>
#include <cstring>
#include <functional>
#include <optional>

#include "common/util/bytes.hpp"

namespace wardline {

/// `N` public bytes with a meaning: two tags are two types, so that a nonce cannot be passed where
/// a message id is wanted. Comparison is not constant-time: for public values only.
template <class Tag, std::size_t N>
struct fixed_bytes {
  static constexpr std::size_t size = N;

  byte_array<N> value{};

  /// Nothing unless `data` is exactly `N` bytes.
  static std::optional<fixed_bytes> from(byte_view data) noexcept {
    if (data.size() != N) return std::nullopt;
    fixed_bytes out;
    std::copy(data.begin(), data.end(), out.value.begin());
    return out;
  }

  std::span<const byte, N> view() const noexcept { return value; }

  // clang-tidy 14 takes the comparison with zero inside for a null pointer.
  // NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const fixed_bytes&, const fixed_bytes&) = default;
};

}  // namespace wardline

/// For tables keyed by uniformly random values (hashes, nonces, ids we made): the first bytes
/// serve as the hash.
template <class Tag, std::size_t N>
struct std::hash<wardline::fixed_bytes<Tag, N>> {
  std::size_t operator()(const wardline::fixed_bytes<Tag, N>& x) const noexcept {
    static_assert(N >= sizeof(std::size_t));
    std::size_t h = 0;
    std::memcpy(&h, x.value.data(), sizeof h);
    return h;
  }
};
