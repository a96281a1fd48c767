#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wardline::tui {

/// Of a screen, in characters.
struct size {
  std::size_t columns = 0;
  std::size_t rows = 0;

  friend bool operator==(const size&, const size&) = default;
};

/// What a colour is to mean; which one it is, if any, is for the terminal to say. Whatever a tone
/// says has to be said by a sign or a word as well: many terminals have no colours.
enum class tone : std::uint8_t { plain, faint, accent, good, warning, alarm };

struct style {
  tone colour = tone::plain;
  bool bold = false;
  bool reverse = false;

  friend bool operator==(const style&, const style&) = default;
};

/// One character of the screen.
struct cell {
  std::string text = " ";   ///< UTF-8, with its combining characters
  std::size_t columns = 1;  ///< 2: it covers the next cell too; 0: it is covered, and has no text
  style look = {};
};

/// A picture of a whole screen, which views draw on. Nothing is ever drawn beyond its edges, and
/// nothing on it is a control character.
class canvas {
 public:
  static constexpr std::size_t to_the_edge = std::numeric_limits<std::size_t>::max();

  explicit canvas(size extent);

  const size& extent() const noexcept { return extent_; }

  /// Writes one line of text from there on, into at most `width` columns: what does not fit is cut
  /// with an ellipsis. Made harmless (`printable`), line feeds and tabs become spaces. Outside the
  /// canvas nothing happens. How many columns were written.
  std::size_t put(std::size_t column, std::size_t row, std::string_view text, style look = {},
                  std::size_t width = to_the_edge);

  /// The same, and spaces in what remains of `width`.
  void fill(std::size_t column, std::size_t row, std::string_view text, style look = {},
            std::size_t width = to_the_edge);

  /// Text that ends at that column (not included) and begins no further left than `from`.
  void put_right(std::size_t from, std::size_t end, std::size_t row, std::string_view text,
                 style look = {});

  /// Where the person types; nothing: no cursor is shown.
  void show_cursor(std::size_t column, std::size_t row);
  struct place {
    std::size_t column;
    std::size_t row;
  };
  const std::optional<place>& cursor() const noexcept { return cursor_; }

  const cell& at(std::size_t column, std::size_t row) const {
    return cells_[row * extent_.columns + column];
  }

  /// What a row says, without the spaces at its end; all rows, each with a line feed. For tests.
  std::string row_text(std::size_t row) const;
  std::string text() const;

 private:
  void set(std::size_t column, std::size_t row, std::string text, std::size_t columns, style look);

  size extent_;
  std::vector<cell> cells_;
  std::optional<place> cursor_;
};

}  // namespace wardline::tui
