#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace wardline::cli {

/// The columns of the terminal at `descriptor`, or 80 if that is none.
std::size_t terminal_width(int descriptor = 1);

/// Rows under headings, columns aligned by what they take on a terminal. Cells are made harmless
/// (`printable`, and on one line).
class table {
 public:
  explicit table(std::vector<std::string> headings);

  /// As many cells as there are headings; missing ones are empty.
  void add(std::vector<std::string> cells);

  bool empty() const noexcept { return rows_.size() == 1; }

  /// All lines, each ended by a line feed and at most `width` columns wide (0: as wide as it
  /// comes). What does not fit is taken from the widest columns.
  std::string text(std::size_t width) const;

 private:
  std::vector<std::vector<std::string>> rows_;  // the first are the headings
};

}  // namespace wardline::cli
