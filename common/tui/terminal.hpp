#pragma once

#include <functional>
#include <memory>

#include "common/tui/canvas.hpp"
#include "common/tui/key.hpp"

namespace wardline::tui {

/// A whole terminal: pictures out, keys in. One at a time in a process.
///
/// ncurses runs on a thread of its own, the only one that touches the terminal, so that a terminal
/// that takes nothing (a connection that hangs) holds up nobody: of the pictures that could not be
/// shown meanwhile only the newest is. Keys come through `descriptor` and `readable`, on the
/// caller's thread, in their order, and none is lost.
///
/// The interrupt key raises its signal as usual; those that suspend, quit, or stop the output do
/// nothing. The size is followed (SIGWINCH), and the screen is drawn anew after SIGCONT.
class terminal {
 public:
  /// True if both standard input and standard output are terminals, and TERM names one that can
  /// place its cursor.
  static bool is_possible() noexcept;

  /// Takes the terminal over. Throws `failure` if it cannot. Signals that the program handles must
  /// have their handlers by now, or ncurses installs some of its own.
  terminal();
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;

  /// Gives it back as it was, with what stood on it before.
  ~terminal();

  /// Readable when `readable` should be called. Not to be read or closed by anybody else; who needs
  /// to own a descriptor takes a dup() of it.
  int descriptor() const noexcept;

  /// Calls `on_resize` if the size has changed, `on_key` for each key, and `on_end` once, last, if
  /// the terminal is gone. None of them may destroy this object.
  void readable();

  std::function<void(const key&)> on_key;
  std::function<void()> on_resize;
  std::function<void()> on_end;

  size extent() const;

  /// Shows it as soon as the terminal takes it.
  void show(canvas picture);

  /// Draws everything anew: something else has written to the terminal.
  void redraw();

  void beep();

 private:
  class screen;
  std::shared_ptr<screen> screen_;
};

}  // namespace wardline::tui
