#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

namespace wardline::cli {

/// Lines that another thread reads, for a thread that waits for a descriptor: it becomes readable
/// when there is a line or the end. (Waiting for standard input itself does not work: a plain file
/// cannot be polled by epoll, and an editor blocks in the middle of a key's sequence.)
class line_source {
 public:
  static constexpr std::size_t max_line = std::size_t{256} * 1024;  ///< bytes; more is cut off

  line_source(const line_source&) = delete;
  line_source& operator=(const line_source&) = delete;

  /// Readable when `readable` should be called. Not to be read or closed by anybody else; who needs
  /// to own a descriptor takes a dup() of it.
  int descriptor() const noexcept { return event_; }

  /// Calls `on_line` for each line that has come (without its line feed), and `on_eof` once, last.
  void readable();

  std::function<void(std::string line)> on_line;
  std::function<void()> on_eof;

 protected:
  line_source();
  ~line_source();

  /// For the reading thread. `put` waits while 64 lines are unread; false when it is to end.
  bool put(std::string line);
  void put_eof();

  /// Makes `put` return; to be called before the reading thread is joined.
  void stop();

 private:
  void signal() noexcept;

  int event_;
  std::mutex mutex_;
  std::condition_variable room_;
  std::deque<std::string> lines_;
  bool eof_ = false;
  bool eof_told_ = false;
  bool stopping_ = false;
};

}  // namespace wardline::cli
