#include "common/cli/line_source.hpp"

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "common/util/error.hpp"

namespace wardline::cli {
namespace {

constexpr std::size_t max_unread = 64;

}  // namespace

line_source::line_source() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (event_ < 0) {
    throw failure("cannot read lines: " + std::generic_category().message(errno));
  }
}

line_source::~line_source() { ::close(event_); }

void line_source::readable() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto n = ::read(event_, &count, sizeof count);
  while (true) {
    std::unique_lock lock(mutex_);
    if (lines_.empty()) {
      if (!eof_ || eof_told_) return;
      eof_told_ = true;
      lock.unlock();
      if (on_eof) on_eof();
      return;
    }
    std::string line = std::move(lines_.front());
    lines_.pop_front();
    room_.notify_all();
    lock.unlock();
    if (on_line) on_line(std::move(line));
  }
}

bool line_source::put(std::string line) {
  if (line.size() > max_line) line.resize(max_line);
  std::unique_lock lock(mutex_);
  room_.wait(lock, [this] { return stopping_ || lines_.size() < max_unread; });
  if (stopping_) return false;
  lines_.push_back(std::move(line));
  signal();
  return true;
}

void line_source::put_eof() {
  const std::lock_guard lock(mutex_);
  eof_ = true;
  signal();
}

void line_source::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  room_.notify_all();
}

void line_source::signal() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(event_, &one, sizeof one);
}

}  // namespace wardline::cli
