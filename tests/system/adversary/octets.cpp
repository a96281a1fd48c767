#include "tests/system/adversary/octets.hpp"

#include <algorithm>
#include <stdexcept>

namespace wardline::test::adversary {

octets ascii(std::string_view text) { return {text.begin(), text.end()}; }

octets unhex(std::string_view text) {
  octets out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    out.push_back(
        static_cast<std::uint8_t>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

std::string hex(const octets& data) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const auto b : data) {
    out += digits[b >> 4U];
    out += digits[b & 15U];
  }
  return out;
}

octets first(const octets& data, std::size_t size) {
  return {data.begin(), data.begin() + static_cast<std::ptrdiff_t>(std::min(size, data.size()))};
}

octets from(const octets& data, std::size_t offset) {
  return {data.begin() + static_cast<std::ptrdiff_t>(std::min(offset, data.size())), data.end()};
}

octets operator+(octets a, const octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

octets number(std::uint64_t value, std::size_t size) {
  octets out(size);
  for (std::size_t i = size; i-- > 0; value >>= 8U) out[i] = static_cast<std::uint8_t>(value);
  return out;
}

octets opaque8(const octets& data) { return u8(data.size()) + data; }
octets opaque16(const octets& data) { return u16(data.size()) + data; }

octets fields::take(std::size_t size) {
  if (size > data_.size() - at_) throw std::runtime_error("a field is missing at the end");
  octets out = first(from(data_, at_), size);
  at_ += size;
  return out;
}

std::uint64_t fields::number(std::size_t size) {
  std::uint64_t out = 0;
  for (const auto b : take(size)) out = (out << 8U) | b;
  return out;
}

}  // namespace wardline::test::adversary
