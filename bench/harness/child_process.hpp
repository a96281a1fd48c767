#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace wardline::bench {

/// Where the program of that name is: in a folder of PATH, or in /usr/sbin, where servers are kept
/// and a user's PATH does not look. Nothing: it is not installed.
std::optional<std::string> find_program(const std::string& name);

/// A program in a process of its own, which ends with this object, and with this process.
class child_process {
 public:
  /// `words`: the program's path, then its arguments. All that it prints goes to the file `output`.
  /// Throws `failure` if there is no file or process to be had; that the program cannot be run
  /// shows as its end.
  child_process(std::vector<std::string> words, const std::filesystem::path& output);
  /// The same for open files, which stay the caller's.
  child_process(std::vector<std::string> words, int output, int errors);
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process();

  bool is_running();
  pid_t id() const noexcept { return pid_; }

  /// Sends the signal, unless it has ended by itself, and waits for its end.
  void end(int signal_number);

  /// CPU time of all its threads since it began. Throws `failure` once it has ended.
  double used_cpu_us() const;

  /// Bytes of its memory that are resident now. Throws likewise.
  std::uint64_t resident() const;

 private:
  void start(std::vector<std::string>& words, int output, int errors);

  pid_t pid_ = -1;
};

}  // namespace wardline::bench
