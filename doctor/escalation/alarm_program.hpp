#pragma once

#include <deque>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include "common/util/clock.hpp"

namespace wardline::doctor {

/// The program of --on-overdue: begun for each alarm, without a shell and without arguments, with
/// the alarm's lines on its standard input, an environment of PATH and LANG alone, and no other
/// descriptor of ours. Never waited for: `tick` looks after it.
class alarm_program {
 public:
  static constexpr std::size_t at_once = 4;
  static constexpr std::size_t most_waiting = 64;
  static constexpr seconds run_time{30};  ///< then it and its children are killed

  /// Throws `failure` unless `program` is an absolute path of something that may be executed.
  static void check(const std::filesystem::path& program);

  alarm_program(std::filesystem::path program, const clock& time);
  alarm_program(const alarm_program&) = delete;
  alarm_program& operator=(const alarm_program&) = delete;
  ~alarm_program();  ///< kills what still runs

  /// Begins it now, or as soon as another has ended. False if too many wait: then nothing is done.
  bool run(std::string lines);

  /// Takes note of those that have ended, kills those that take too long, begins those that wait.
  /// Returns a sentence for each that failed.
  std::vector<std::string> tick();

  std::size_t running() const noexcept { return running_.size(); }

 private:
  struct process {
    pid_t id;
    std::chrono::steady_clock::time_point began;
    bool killed = false;
  };

  void begin(const std::string& lines);

  std::filesystem::path program_;
  const clock& time_;
  std::deque<std::string> waiting_;
  std::vector<process> running_;
};

}  // namespace wardline::doctor
