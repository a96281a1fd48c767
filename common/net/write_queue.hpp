#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/buffer.hpp>

#include "common/util/bytes.hpp"

namespace wardline::net {

/// How much may wait for a peer that reads slowly. A frame shared by many counts fully for each.
struct write_bounds {
  std::size_t bytes = std::size_t{1} << 20U;
  std::size_t frames = 4096;
};

/// Frames on their way out, in order. Owns no memory while empty.
class write_queue {
 public:
  explicit write_queue(write_bounds bounds) noexcept : bounds_(bounds) {}

  /// False, and nothing queued, if a bound would be passed.
  bool push(std::shared_ptr<const wardline::bytes> frame);

  /// As many of the first frames as fit in `to`, what is already written left out. Returns how
  /// many.
  std::size_t gather(std::span<boost::asio::const_buffer> to) const noexcept;

  /// `n` bytes of the front are written.
  void consume(std::size_t n);

  void clear() noexcept;

  bool empty() const noexcept { return bytes_ == 0; }
  std::size_t bytes() const noexcept { return bytes_; }
  const write_bounds& bounds() const noexcept { return bounds_; }

 private:
  write_bounds bounds_;
  std::vector<std::shared_ptr<const wardline::bytes>> frames_;
  std::size_t first_ = 0;    // index of the first frame that is not wholly written
  std::size_t written_ = 0;  // bytes of it that are
  std::size_t bytes_ = 0;    // all that is not written
};

}  // namespace wardline::net
