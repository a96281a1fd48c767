#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/tui/key.hpp"

namespace wardline::tui {

/// What a person is typing: one line with a cursor in it, and the lines that were typed before. It
/// moves by characters, never into the middle of one.
class input_line {
 public:
  static constexpr std::size_t max_bytes = std::size_t{256} * 1024;  ///< more is not taken
  static constexpr std::size_t max_history = 200;

  /// True if the key was one that edits; the others (enter, escape, tab, page keys) are for the
  /// caller. Up and down go through the history if `with_history`.
  bool press(const key& k, bool with_history = true);

  const std::string& text() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }

  /// The line is done: what it says. The next is empty.
  std::string take();
  void clear();

  /// The line in rows of `width` columns (at least 2), of which the first has `indent` columns
  /// fewer; and where the cursor is among them.
  struct layout {
    std::vector<std::string> rows;
    std::size_t cursor_row;
    std::size_t cursor_column;  ///< in the first row behind the indent
  };
  layout laid_out(std::size_t width, std::size_t indent) const;

 private:
  std::size_t before(std::size_t at) const;
  std::size_t after(std::size_t at) const;
  void insert(const std::string& what);
  void erase(std::size_t from, std::size_t to);
  void erase_word();
  void recall(bool older);

  std::string text_;
  std::size_t cursor_ = 0;  // in bytes
  std::vector<std::string> history_;
  std::size_t recalled_ = 0;  // index in history_; its size: the line that is being typed
  std::string unfinished_;    // that line, while an older one is shown
};

}  // namespace wardline::tui
