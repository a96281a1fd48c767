#pragma once

#include <cstdint>
#include <sys/types.h>

/// What another process has used; each throws `failure` if there is no such process.
namespace wardline::bench {

/// CPU time of all its threads since it began, in microseconds.
double cpu_us(pid_t process);

/// Bytes of its memory that are resident now ("Rss" of /proc/PID/smaps_rollup, exact).
std::uint64_t resident_bytes(pid_t process);

}  // namespace wardline::bench
