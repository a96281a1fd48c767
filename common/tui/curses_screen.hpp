#pragma once

#include <memory>

#include "common/tui/canvas.hpp"

namespace wardline::tui {

/// ncurses, as far as it writes. All of it is for one thread at a time.
class curses_screen {
 public:
  static bool is_possible() noexcept;

  /// Takes standard output over, in full, and sets the terminal to keys at once, without an echo.
  /// Throws `failure` if the terminal is unknown or too plain.
  curses_screen();
  curses_screen(const curses_screen&) = delete;
  curses_screen& operator=(const curses_screen&) = delete;
  ~curses_screen();

  /// As the terminal says it is now; the next picture is drawn for that.
  size follow_size();

  void draw(const canvas& picture);

  /// The next picture is drawn in full, and the terminal's settings are ours again.
  void resume();

  void beep();

 private:
  void draw_row(const canvas& picture, std::size_t row);

  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace wardline::tui
