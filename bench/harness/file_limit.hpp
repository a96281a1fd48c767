#pragma once

#include <cstddef>

namespace wardline::bench {

/// What a process needs beside its connections: libraries, databases, pipes.
inline constexpr std::size_t other_files = 200;

/// Raises the limit of open files of this process, and of what it starts from now on, to `needed`
/// if the system lets it. How many may be open now: less than `needed` if it does not.
std::size_t raise_file_limit(std::size_t needed);

}  // namespace wardline::bench
