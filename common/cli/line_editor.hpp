#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/cli/line_source.hpp"

namespace wardline::cli {

/// A prompt at a terminal, with editing and a history, beside which other things may be printed:
/// what a person is typing moves down and stays as it is. Control characters are not echoed raw.
/// The interrupt key raises its signal as usual; the suspend key does nothing.
///
/// libedit runs on a thread of its own, which is the only one to touch the terminal; lines arrive
/// through `descriptor` and `readable`, on the caller's thread.
class line_editor : public line_source {
 public:
  /// True if both standard input and standard output are terminals.
  static bool is_possible() noexcept;

  /// Shows the prompt on standard output and begins to read standard input.
  explicit line_editor(std::string prompt);

  /// Takes the prompt away and gives the terminal back as it was.
  ~line_editor();

  /// Thread-safe. A line feed is added if there is none. The text is printed as it is: make it
  /// `printable` where it is a stranger's.
  void print_above(std::string text);

  /// Thread-safe.
  void set_prompt(std::string prompt);

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace wardline::cli
