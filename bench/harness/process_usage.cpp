#include "bench/harness/process_usage.hpp"

#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>

#include "common/util/error.hpp"

namespace wardline::bench {
namespace {

double known_cpu_us(pid_t process) {
  clockid_t clock = 0;
  timespec used{};
  // -1, of a process that has been reaped, would name our own clock.
  if (process <= 0 || ::clock_getcpuclockid(process, &clock) != 0 ||
      ::clock_gettime(clock, &used) != 0)
    throw failure("a server ended by itself");
  return static_cast<double>(used.tv_sec) * 1e6 + static_cast<double>(used.tv_nsec) / 1e3;
}

}  // namespace

double cpu_us(pid_t process) {
  constexpr auto more_than_a_tick = std::chrono::milliseconds(11);
  constexpr int most_looks = 90;
  double used = known_cpu_us(process);
  for (int i = 0; i < most_looks; ++i) {
    std::this_thread::sleep_for(more_than_a_tick);
    const double before = std::exchange(used, known_cpu_us(process));
    if (used == before) break;
  }
  return used;
}

memory_use memory_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/smaps_rollup");
  memory_use out;
  for (std::string word; file >> word;) {
    if (word == "Rss:") file >> out.resident;
    if (word == "Pss:") file >> out.proportional;
  }
  if (out.resident == 0)
    throw failure("the memory of a server cannot be read",
                  "/proc/PID/smaps_rollup is needed (Linux 4.14)");
  return {out.resident * 1024, out.proportional * 1024};
}

std::uint64_t resident_bytes(pid_t process) { return memory_of(process).resident; }

std::size_t open_files(pid_t process) {
  std::error_code unreadable;
  const std::filesystem::directory_iterator files("/proc/" + std::to_string(process) + "/fd",
                                                  unreadable);
  if (unreadable) throw failure("the descriptors of a server cannot be counted");
  return static_cast<std::size_t>(std::distance(begin(files), end(files)));
}

}  // namespace wardline::bench
