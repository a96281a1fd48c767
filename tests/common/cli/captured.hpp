#pragma once

#include <fcntl.h>
#include <functional>
#include <iostream>
#include <string>
#include <unistd.h>

namespace wardline::test {

/// What `action` writes to the descriptor `which` (1 or 2). At most what a pipe holds.
inline std::string captured(int which, const std::function<void()>& action) {
  std::cout.flush();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  const int before = ::dup(which);
  ::dup2(ends[1], which);
  ::close(ends[1]);
  action();
  std::cout.flush();
  ::dup2(before, which);
  ::close(before);
  std::string all;
  char piece[4096];
  for (ssize_t n = 0; (n = ::read(ends[0], piece, sizeof piece)) > 0;) {
    all.append(piece, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  return all;
}

}  // namespace wardline::test
