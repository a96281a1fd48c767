#pragma once

#include <cstddef>
#include <cstring>
#include <string.h>  // explicit_bzero (glibc)
#include <utility>

#include "common/util/bytes.hpp"

namespace wardline {

/// Overwrites memory in a way that the compiler may not leave out.
inline void wipe(byte_span memory) noexcept {
  if (!memory.empty()) explicit_bzero(memory.data(), memory.size());  // glibc takes no null pointer
}

/// `N` secret bytes: move-only, wiped when destroyed and when moved from. There is no comparison
/// and no way to print it; look at the bytes through `view()` where a cipher needs them.
template <std::size_t N>
class secret {
 public:
  static constexpr std::size_t size = N;

  secret() noexcept : data_{} {}
  explicit secret(std::span<const byte, N> data) noexcept {
    std::memcpy(data_.data(), data.data(), N);
  }
  secret(secret&& other) noexcept : data_(other.data_) { wipe(other.data_); }
  secret& operator=(secret&& other) noexcept {
    if (this != &other) {
      data_ = other.data_;
      wipe(other.data_);
    }
    return *this;
  }
  secret(const secret&) = delete;
  secret& operator=(const secret&) = delete;
  ~secret() { wipe(data_); }

  /// A copy that says so.
  secret clone() const noexcept { return secret(view()); }

  std::span<const byte, N> view() const noexcept { return data_; }
  std::span<byte, N> writable() noexcept { return data_; }

 private:
  byte_array<N> data_;
};

/// Secret bytes of a length known at run time; otherwise like `secret`.
class secret_bytes {
 public:
  secret_bytes() = default;
  explicit secret_bytes(std::size_t size) : data_(size) {}
  explicit secret_bytes(byte_view data) : data_(data.begin(), data.end()) {}
  secret_bytes(secret_bytes&& other) noexcept : data_(std::move(other.data_)) {
    other.data_.clear();
  }
  secret_bytes& operator=(secret_bytes&& other) noexcept {
    if (this != &other) {
      wipe(data_);
      data_ = std::move(other.data_);
      other.data_.clear();
    }
    return *this;
  }
  secret_bytes(const secret_bytes&) = delete;
  secret_bytes& operator=(const secret_bytes&) = delete;
  ~secret_bytes() { wipe(data_); }

  secret_bytes clone() const { return secret_bytes(view()); }

  byte_view view() const noexcept { return data_; }
  byte_span writable() noexcept { return data_; }
  std::size_t size() const noexcept { return data_.size(); }
  bool empty() const noexcept { return data_.empty(); }

 private:
  bytes data_;
};

}  // namespace wardline
