#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace wardline::test {

/// Rings when a program that has it says a line or ends: for a test that listens to several.
class bell {
 public:
  void ring();
  /// Waits for a ring since the last wait, and no longer than until `deadline`.
  void wait_until(std::chrono::steady_clock::time_point deadline);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool rung_ = false;
};

/// A program that runs beside the test, with pipes to its standard input, output and error. Killed
/// when this is destroyed; nothing of it outlives the test.
class process {
 public:
  /// How long a test waits for what must happen; long, since sanitizers on a busy machine are slow.
  static constexpr std::chrono::seconds patience{60};

  explicit process(std::vector<std::string> arguments, bell* rings = nullptr);
  process(const process&) = delete;
  process& operator=(const process&) = delete;
  ~process();

  void write_line(const std::string& line);
  void close_input();
  void signal(int number);

  /// The next line of standard output; nothing at its end, or when patience is over.
  std::optional<std::string> next_line(std::chrono::milliseconds wait = patience);

  /// Waits for the end, and for the last of both outputs: the exit status, or 128 + the signal that
  /// killed it. Fails the test if it does not end.
  int wait();

  /// Everything from standard error so far (or, after wait(), all of it).
  std::string errors();

  /// True once its standard output has ended, and it with it.
  bool has_ended();

  pid_t id() const noexcept { return pid_; }

 private:
  void read_output();
  void read_errors();

  bell* bell_;
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int errors_fd_ = -1;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  bool output_ended_ = false;
  std::string errors_;
  bool errors_ended_ = false;
  std::optional<int> status_;
  std::thread output_reader_;
  std::thread error_reader_;
};

/// What a command that ends by itself has printed.
struct finished {
  int status;
  std::string output;
  std::string errors;
};
finished run_program(std::vector<std::string> arguments, const std::string& input = {});

}  // namespace wardline::test
