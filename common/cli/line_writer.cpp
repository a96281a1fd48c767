#include "common/cli/line_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <poll.h>
#include <unistd.h>

namespace wardline::cli {
namespace {

// A pipe that is ready for writing takes this much without blocking (PIPE_BUF, pipe(7)).
constexpr std::size_t piece = 4096;
constexpr int look_again_ms = 100;
constexpr std::chrono::seconds patience_at_the_end{2};

// What is written next: whole lines, so that nobody is left with half of one if this ends.
std::string_view next_piece(std::string_view text) {
  const auto most = text.substr(0, piece);
  const auto end = most.rfind('\n');
  return end == std::string_view::npos ? most : most.substr(0, end + 1);
}

}  // namespace

line_writer::line_writer(int descriptor, std::size_t bound)
    : descriptor_(descriptor), bound_(bound) {
  std::signal(SIGPIPE, SIG_IGN);
}

line_writer::~line_writer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void line_writer::write_all(std::span<const std::string_view> lines) {
  const std::lock_guard lock(mutex_);
  if (broken_ || ending_) return;
  const bool is_first = waiting_.empty();
  for (const auto line : lines) {
    if (waiting_.size() + line.size() >= bound_) {
      ++dropped_;
      continue;
    }
    waiting_.append(line);
    waiting_.push_back('\n');
  }
  if (is_first && !thread_is_writing_) {
    std::size_t written = 0;
    broken_ = !push(waiting_, 0, written);
    waiting_.erase(0, written);
    if (waiting_.empty() || broken_) return;
    if (!thread_.joinable()) thread_ = std::thread([this] { drain(); });
  }
  changed_.notify_all();
}

std::size_t line_writer::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

// The thread's: writes what waits, with the lock released while it does.
void line_writer::drain() {
  std::unique_lock lock(mutex_);
  auto give_up = std::chrono::steady_clock::time_point::max();
  while (!broken_) {
    changed_.wait(lock, [this] { return !waiting_.empty() || ending_; });
    if (waiting_.empty()) return;
    if (ending_) {
      const auto now = std::chrono::steady_clock::now();
      give_up = std::min(give_up, now + patience_at_the_end);
      if (now >= give_up) return;
    }
    const std::string next(next_piece(waiting_));
    thread_is_writing_ = true;
    lock.unlock();
    std::size_t written = 0;
    const bool is_alive = push(next, look_again_ms, written);
    lock.lock();
    thread_is_writing_ = false;
    waiting_.erase(0, written);
    broken_ = !is_alive;
  }
}

// Writes as much of `text` as the descriptor takes, waiting `patience_ms` for it at most each time.
// False if it will never take any more.
bool line_writer::push(std::string_view text, int patience_ms, std::size_t& written) const {
  while (written < text.size()) {
    pollfd ready{descriptor_, POLLOUT, 0};
    const int n = ::poll(&ready, 1, patience_ms);
    if (n == 0 || (n < 0 && errno == EINTR)) return true;
    if (n < 0) return false;
    const auto rest = next_piece(text.substr(written));
    const ssize_t taken = ::write(descriptor_, rest.data(), rest.size());
    if (taken < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    if (taken < 0) return false;
    written += static_cast<std::size_t>(taken);
  }
  return true;
}

}  // namespace wardline::cli
