#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// An independent peer: it knows the specification (docs/protocol.md) and nothing of `protocol/` or
/// `common/crypto/`, so that a mistake there is not made here again. scripts/check_layering.sh
/// keeps it so.
namespace wardline::test::adversary {

using octets = std::vector<std::uint8_t>;

octets ascii(std::string_view text);
octets unhex(std::string_view text);
std::string hex(const octets& data);

/// What goes before `size` and what comes after it; all of it if there is less.
octets first(const octets& data, std::size_t size);
octets from(const octets& data, std::size_t offset);

octets operator+(octets a, const octets& b);

/// Section 1: integers are big-endian; `opaque x<N>` has a prefix of one byte where N <= 255 and of
/// two otherwise.
octets number(std::uint64_t value, std::size_t size);
inline octets u8(std::uint64_t v) { return number(v, 1); }
inline octets u16(std::uint64_t v) { return number(v, 2); }
inline octets u32(std::uint64_t v) { return number(v, 4); }
inline octets u64(std::uint64_t v) { return number(v, 8); }
octets opaque8(const octets& data);
octets opaque16(const octets& data);

/// Reads fields one after the other; a field that is not there fails the test.
class fields {
 public:
  explicit fields(octets data) : data_(std::move(data)) {}

  octets take(std::size_t size);
  std::uint64_t number(std::size_t size);
  octets opaque8() { return take(static_cast<std::size_t>(number(1))); }
  octets opaque16() { return take(static_cast<std::size_t>(number(2))); }

  std::size_t position() const noexcept { return at_; }
  octets rest() { return take(data_.size() - at_); }
  bool at_end() const noexcept { return at_ == data_.size(); }

 private:
  octets data_;
  std::size_t at_ = 0;
};

}  // namespace wardline::test::adversary
