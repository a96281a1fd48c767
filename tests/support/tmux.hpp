#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace wardline::test {

/// A terminal in which a program runs (tmux, with a socket of its own and no configuration), and
/// the person in front of it.
class tmux {
 public:
  explicit tmux(std::vector<std::string> program, std::size_t columns = 80, std::size_t rows = 24);
  tmux(const tmux&) = delete;
  tmux& operator=(const tmux&) = delete;
  ~tmux();

  /// What is on the screen, lines without the spaces at their ends.
  std::string screen();
  /// With those spaces, as far as they were written.
  std::string screen_with_spaces();

  /// Looks until it fits; fails the test if it never does. What is on the screen then.
  std::string await(const std::function<bool(const std::string& screen)>& fits);
  std::string await(std::string_view words);
  std::string await_gone(std::string_view words);

  void type(const std::string& text);
  void press(const std::string& key);  ///< as tmux calls it: "Enter", "Escape", "PageUp"
  void resize(std::size_t columns, std::size_t rows);

  /// The terminal has rung.
  bool has_rung();
  /// Waits for the program's end: its exit status.
  int status();

 private:
  std::string command(std::vector<std::string> words);

  temporary_directory directory_;
};

}  // namespace wardline::test
