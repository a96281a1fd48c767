#pragma once

#include <span>
#include <vector>

#include "common/util/secret.hpp"

namespace wardline::crypto {

/// A word of a large integer, least significant first: GMP's mp_limb_t. Sizes are always fixed by
/// the group, never by a value, so that nothing is told by leading zeros.
using limb = unsigned long;

inline constexpr std::size_t limb_bits = 8 * sizeof(limb);

constexpr std::size_t limbs_for(std::size_t size_in_bytes) noexcept {
  return (size_in_bytes + sizeof(limb) - 1) / sizeof(limb);
}

/// Secret limbs: like secret_bytes.
class secret_limbs {
 public:
  secret_limbs() = default;
  explicit secret_limbs(std::size_t size) : data_(size) {}
  secret_limbs(secret_limbs&& other) noexcept : data_(std::move(other.data_)) {
    other.data_.clear();
  }
  secret_limbs& operator=(secret_limbs&& other) noexcept {
    if (this != &other) {
      clear();
      data_ = std::move(other.data_);
      other.data_.clear();
    }
    return *this;
  }
  secret_limbs(const secret_limbs&) = delete;
  secret_limbs& operator=(const secret_limbs&) = delete;
  ~secret_limbs() { clear(); }

  std::size_t size() const noexcept { return data_.size(); }
  const limb* data() const noexcept { return data_.data(); }
  limb* data() noexcept { return data_.data(); }
  std::span<const limb> view() const noexcept { return data_; }
  std::span<limb> writable() noexcept { return data_; }

 private:
  void clear() noexcept {
    if (!data_.empty()) explicit_bzero(data_.data(), data_.size() * sizeof(limb));
  }

  std::vector<limb> data_;
};

/// OS2I(in), which must fit into all of `out`.
void read_big_endian(byte_view in, std::span<limb> out) noexcept;

/// The low out.size() bytes of `in`.
void write_big_endian(std::span<const limb> in, byte_span out) noexcept;

/// True if all limbs are zero, in time that depends on their number alone.
bool is_zero(std::span<const limb> x) noexcept;

}  // namespace wardline::crypto
