#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.hpp"

namespace wardline::test {

/// A real terminal, with a program at it, seen by its person: tmux, with a server and settings of
/// its own. All of it ends with this object.
class tmux {
 public:
  /// How long a test waits for what must happen; long, since sanitizers on a busy machine are slow.
  static constexpr std::chrono::seconds patience{60};

  /// Begins `program` (its path, then its arguments) on a terminal of that size. `environment`:
  /// "NAME=VALUE" each, besides those of the test.
  tmux(std::vector<std::string> program, std::size_t columns = 80, std::size_t rows = 24,
       const std::vector<std::string>& environment = {});
  tmux(const tmux&) = delete;
  tmux& operator=(const tmux&) = delete;
  ~tmux();

  /// Keys by their names ("Enter", "Escape", "Up", "BSpace"; `man tmux`, "KEY BINDINGS").
  void press(const std::vector<std::string>& keys);
  void type(const std::string& text);
  void type_line(const std::string& text) {
    type(text);
    press({"Enter"});
  }
  void resize(std::size_t columns, std::size_t rows);

  /// The screen as it is now, with or without what colours and the like (escape sequences) say.
  std::string screen(bool with_styles = false) const;
  /// With the spaces at the ends of lines, as far as they were written.
  std::string screen_with_spaces() const;

  /// Looks until `holds` (or the text is there); the screen then. Fails the test if it never does.
  std::string await(const std::function<bool(const std::string& screen)>& holds,
                    const std::string& what) const;
  std::string await(const std::string& text) const;
  std::string await_gone(const std::string& text) const;

  /// Nobody sits there any more: the terminal is gone, and nothing else of this is to be called.
  void close();

  /// The terminal has rung.
  bool has_rung() const;

  /// Waits for the program's end: its exit status. What it left on the terminal stays there.
  int wait() const;

  /// Of the program.
  int process_id() const;

 private:
  std::string run(const std::vector<std::string>& words) const;

  temporary_directory directory_;
};

}  // namespace wardline::test
