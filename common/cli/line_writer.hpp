#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <thread>

namespace wardline::cli {

/// Writes lines to a descriptor, each at once and whole, from any thread, and never holds its
/// caller up: while the reader at the other end of a pipe does not read, a thread takes over what
/// is waiting. Beyond `bound` bytes lines are dropped and counted. A closed pipe or any other
/// error ends the writing and nothing else.
class line_writer {
 public:
  explicit line_writer(int descriptor, std::size_t bound = std::size_t{8} << 20U);
  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;

  /// Gives what is still waiting two seconds.
  ~line_writer();

  /// Writes `line` and a line feed.
  void write(std::string_view line) { write_all({&line, 1}); }

  /// The same for each of `lines`, with fewer system calls.
  void write_all(std::span<const std::string_view> lines);

  /// How many lines have been dropped.
  std::size_t dropped() const;

 private:
  void drain();
  bool push(std::string_view text, int patience_ms, std::size_t& written) const;

  const int descriptor_;
  const std::size_t bound_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string waiting_;
  std::size_t dropped_ = 0;
  bool broken_ = false;
  bool ending_ = false;
  bool thread_is_writing_ = false;
  std::thread thread_;
};

}  // namespace wardline::cli
