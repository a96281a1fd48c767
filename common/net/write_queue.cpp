#include "common/net/write_queue.hpp"

#include <utility>

namespace wardline::net {

bool write_queue::push(std::shared_ptr<const wardline::bytes> frame) {
  const std::size_t size = frame->size();
  if (size == 0) return true;
  if (size > bounds_.bytes - bytes_ || frames_.size() - first_ >= bounds_.frames) return false;
  frames_.push_back(std::move(frame));
  bytes_ += size;
  return true;
}

std::size_t write_queue::gather(std::span<boost::asio::const_buffer> to) const noexcept {
  std::size_t count = 0;
  for (std::size_t i = first_; i < frames_.size() && count < to.size(); ++i) {
    const auto& frame = *frames_[i];
    const std::size_t skip = i == first_ ? written_ : 0;
    to[count++] = boost::asio::const_buffer(frame.data() + skip, frame.size() - skip);
  }
  return count;
}

void write_queue::consume(std::size_t n) {
  bytes_ -= n;
  written_ += n;
  while (first_ < frames_.size() && written_ >= frames_[first_]->size()) {
    written_ -= frames_[first_]->size();
    frames_[first_++].reset();
  }
  if (bytes_ == 0) {
    clear();
  } else if (first_ > frames_.size() / 2) {
    // Each frame is moved once per doubling at most, so that this stays linear.
    frames_.erase(frames_.begin(), frames_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void write_queue::clear() noexcept {
  frames_ = {};
  first_ = written_ = bytes_ = 0;
}

}  // namespace wardline::net
