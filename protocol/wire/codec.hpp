#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "common/util/bytes.hpp"
#include "common/util/error.hpp"
#include "common/util/fixed_bytes.hpp"
#include "common/util/secret.hpp"

/// Section 1: integers are big-endian, `opaque x<N>` is a length prefix (u8 where N <= 255, u16
/// otherwise) and the bytes.
///
/// A message names its fields once, in wire order:
///
///     template <class Self, class Codec>
///     static void fields(Self& m, Codec& c) { c.u64(m.time); c.template opaque<1100>(m.signature);
///     }
///
/// and encode, decode and the exact size all come from that list.
namespace wardline::protocol {

/// Reads fields from the front of a view. The first thing that does not decode makes the reader
/// fail for good: every later read yields zeros and `finish` reports errc::invalid_encoding.
class reader {
 public:
  explicit reader(byte_view data) : rest_(data) {}

  void u8(byte& x) { x = static_cast<byte>(integer<1>()); }
  void u16(std::uint16_t& x) { x = static_cast<std::uint16_t>(integer<2>()); }
  void u32(std::uint32_t& x) { x = static_cast<std::uint32_t>(integer<4>()); }
  void u64(std::uint64_t& x) { x = integer<8>(); }

  /// u8 that must be 0 or 1.
  void flag(bool& x) {
    const auto value = integer<1>();
    require(value <= 1);
    x = value == 1;
  }

  /// u8 that must be one of `first` .. `last`.
  template <class Enum>
  void choice(Enum& x, Enum first, Enum last) {
    const auto value = integer<1>();
    require(value >= static_cast<std::uint64_t>(first) &&
            value <= static_cast<std::uint64_t>(last));
    if (!failed_) x = static_cast<Enum>(value);
  }

  template <class Tag, std::size_t N>
  void fixed(fixed_bytes<Tag, N>& x) {
    copy(x.value, take(N));
  }
  template <std::size_t N>
  void fixed(secret<N>& x) {
    copy(x.writable(), take(N));
  }

  /// `size` bytes without a prefix, where the size is known from elsewhere (a group element).
  void sized(bytes& x, std::size_t size) { x = to_bytes(take(size)); }

  template <std::size_t Max>
  void opaque(bytes& x) {
    x = to_bytes(prefixed<Max>());
  }
  template <std::size_t Max>
  void opaque(std::string& x) {
    x = std::string(as_text(prefixed<Max>()));
  }

  /// Everything that is left.
  byte_view remainder() { return take(rest_.size()); }
  byte_view rest() const noexcept { return rest_; }

  void require(bool condition) noexcept { failed_ = failed_ || !condition; }

  /// errc::invalid_encoding if something did not decode or bytes are left over.
  result<void> finish() const noexcept {
    if (failed_ || !rest_.empty()) return errc::invalid_encoding;
    return {};
  }
  bool failed() const noexcept { return failed_; }

 private:
  byte_view take(std::size_t size) noexcept {
    if (failed_ || size > rest_.size()) {
      failed_ = true;
      return {};
    }
    const auto out = rest_.first(size);
    rest_ = rest_.subspan(size);
    return out;
  }

  template <std::size_t N>
  std::uint64_t integer() noexcept {
    const auto data = take(N);
    return failed_ ? 0 : from_big_endian<N>(data);
  }

  template <std::size_t Max>
  byte_view prefixed() noexcept {
    static_assert(Max <= std::numeric_limits<std::uint16_t>::max());
    const auto size = static_cast<std::size_t>(integer<(Max <= 255 ? 1 : 2)>());
    require(size <= Max);  // before anything is allocated
    return take(size);
  }

  static void copy(byte_span to, byte_view from) noexcept {
    std::copy(from.begin(), from.end(), to.begin());
  }

  byte_view rest_;
  bool failed_ = false;
};

/// Writes the same fields; with no buffer it only counts, so that buffers have their exact size
/// from the start and a secret is never left behind by a reallocation.
class writer {
 public:
  writer() = default;
  explicit writer(byte_span out) : out_(out) {}

  void u8(const byte& x) { put(big_endian<1>(x)); }
  void u16(const std::uint16_t& x) { put(big_endian<2>(x)); }
  void u32(const std::uint32_t& x) { put(big_endian<4>(x)); }
  void u64(const std::uint64_t& x) { put(big_endian<8>(x)); }
  void flag(const bool& x) { u8(static_cast<byte>(x ? 1 : 0)); }

  template <class Enum>
  void choice(const Enum& x, Enum, Enum) {
    u8(static_cast<byte>(x));
  }

  template <class Tag, std::size_t N>
  void fixed(const fixed_bytes<Tag, N>& x) {
    put(x.view());
  }
  template <std::size_t N>
  void fixed(const secret<N>& x) {
    put(x.view());
  }
  void sized(byte_view x, std::size_t) { put(x); }

  template <std::size_t Max>
  void opaque(byte_view x) {
    if (x.size() > Max) throw std::length_error("a field is over its bound");  // ours, not a peer's
    if constexpr (Max <= 255) {
      u8(static_cast<byte>(x.size()));
    } else {
      u16(static_cast<std::uint16_t>(x.size()));
    }
    put(x);
  }
  template <std::size_t Max>
  void opaque(const std::string& x) {
    opaque<Max>(as_bytes(x));
  }

  void raw(byte_view x) { put(x); }
  void require(bool) const noexcept {}

  std::size_t size() const noexcept { return size_; }

 private:
  void put(byte_view data) {
    if (!out_.empty()) std::copy(data.begin(), data.end(), out_.begin() + offset(size_));
    size_ += data.size();
  }
  static std::ptrdiff_t offset(std::size_t n) noexcept { return static_cast<std::ptrdiff_t>(n); }

  byte_span out_;
  std::size_t size_ = 0;
};

template <class Message>
std::size_t encoded_size(const Message& m) {
  writer counter;
  Message::fields(m, counter);
  return counter.size();
}

template <class Message>
bytes encode(const Message& m) {
  bytes out(encoded_size(m));
  writer w(out);
  Message::fields(m, w);
  return out;
}

/// For messages that hold secrets.
template <class Message>
secret_bytes encode_secret(const Message& m) {
  secret_bytes out(encoded_size(m));
  writer w(out.writable());
  Message::fields(m, w);
  return out;
}

/// errc::invalid_encoding for whatever does not decode, trailing bytes included.
template <class Message>
result<Message> decode(byte_view data) {
  Message m{};
  reader r(data);
  Message::fields(m, r);
  if (const auto ok = r.finish(); !ok) return ok.error();
  return m;
}

}  // namespace wardline::protocol
