#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What text takes on a terminal, in columns: wide characters take two, combining ones none.
namespace wardline {

/// One character of a UTF-8 text.
struct glyph {
  std::size_t bytes;
  std::size_t columns;  ///< 0, 1 or 2
};

/// What is at the front of `text` (not empty). A malformed byte, and a character that a terminal
/// cannot show, count as one column.
glyph first_glyph(std::string_view text);

std::size_t display_width(std::string_view text);

/// `text`, or as much of its beginning as fits with an ellipsis into `width` columns.
std::string cut_to_width(std::string_view text, std::size_t width);

/// `text` in lines of at most `width` columns (at least 2), broken at spaces where there are any
/// and at its line feeds; at least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace wardline
