#pragma once

#include <cstdint>
#include <sys/types.h>

/// What another process has used; each throws `failure` if there is no such process.
namespace wardline::bench {

/// CPU time of all its threads since it began, in microseconds. Returns when the process has come
/// to rest, or after a second: of a thread that runs, Linux knows only what it had used at the last
/// tick of the scheduler, ten milliseconds ago at worst, which is more than many a delivery costs.
double cpu_us(pid_t process);

/// Bytes of its memory that are resident now ("Rss" of /proc/PID/smaps_rollup, exact).
std::uint64_t resident_bytes(pid_t process);

/// Bytes that are resident now, of the same file: all of them, and those where a page that n
/// processes share counts for an n-th.
struct memory_use {
  std::uint64_t resident = 0;
  std::uint64_t proportional = 0;
};
memory_use memory_of(pid_t process);

/// How many descriptors it has open.
std::size_t open_files(pid_t process);

}  // namespace wardline::bench
