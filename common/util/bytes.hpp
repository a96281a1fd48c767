#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace wardline {

using byte = std::uint8_t;
using bytes = std::vector<byte>;
using byte_view = std::span<const byte>;
using byte_span = std::span<byte>;

template <std::size_t N>
using byte_array = std::array<byte, N>;

/// The characters of `text` as bytes; no copy, so `text` must outlive the view.
inline byte_view as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const byte*>(text.data()), text.size()};
}

inline std::string_view as_text(byte_view data) noexcept {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

inline bytes to_bytes(byte_view data) { return {data.begin(), data.end()}; }

inline void append(bytes& to, byte_view data) { to.insert(to.end(), data.begin(), data.end()); }

/// x in `N` bytes, big-endian.
template <std::size_t N>
constexpr byte_array<N> big_endian(std::uint64_t x) noexcept {
  static_assert(N <= 8);
  byte_array<N> out{};
  for (std::size_t i = 0; i < N; ++i) out[i] = static_cast<byte>(x >> (8 * (N - 1 - i)));
  return out;
}

/// The first `N` bytes of `data` as a big-endian integer; `data` must hold them.
template <std::size_t N>
constexpr std::uint64_t from_big_endian(byte_view data) noexcept {
  static_assert(N <= 8);
  std::uint64_t x = 0;
  for (std::size_t i = 0; i < N; ++i) x = (x << 8) | data[i];
  return x;
}

}  // namespace wardline
