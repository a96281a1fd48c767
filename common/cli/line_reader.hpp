#pragma once

#include <thread>

#include "common/cli/line_source.hpp"

namespace wardline::cli {

/// The lines of a descriptor of any kind: a pipe, a plain file, a terminal, or one that is closed
/// (then only the end).
class line_reader : public line_source {
 public:
  explicit line_reader(int descriptor = 0);
  ~line_reader();

 private:
  void read();

  const int descriptor_;
  int wake_;
  std::thread thread_;
};

}  // namespace wardline::cli
