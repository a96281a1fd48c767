#include "common/tui/canvas.hpp"

#include <algorithm>
#include <utility>

#include "common/util/text_encoding.hpp"
#include "common/util/text_width.hpp"

namespace wardline::tui {
namespace {

// As many as ncurses keeps for one cell. A text made of nothing else would have no end.
constexpr std::size_t max_combining_bytes = 12;

// Of a longer text more would not be shown; it may be a peer's, and drawn again and again.
constexpr std::size_t most_bytes(std::size_t columns) {
  return (columns + 1) * (4 + max_combining_bytes);
}

std::string on_one_line(std::string_view text) {
  std::string out = printable(text);
  std::replace(out.begin(), out.end(), '\n', ' ');
  std::replace(out.begin(), out.end(), '\t', ' ');
  return out;
}

}  // namespace

canvas::canvas(size extent) : extent_(extent), cells_(extent.columns * extent.rows) {}

std::size_t canvas::put(std::size_t column, std::size_t row, std::string_view text, style look,
                        std::size_t width) {
  if (row >= extent_.rows || column >= extent_.columns) return 0;
  const std::size_t room = std::min(width, extent_.columns - column);
  const std::string shown = cut_to_width(on_one_line(text.substr(0, most_bytes(room))), room);
  std::size_t used = 0;
  for (std::string_view rest = shown; !rest.empty();) {
    const glyph g = first_glyph(rest);
    const std::string_view one = rest.substr(0, g.bytes);
    rest.remove_prefix(g.bytes);
    if (g.columns > 0) {
      set(column + used, row, std::string(one), g.columns, look);
      used += g.columns;
      continue;
    }
    if (used == 0) continue;  // it would change what is beside us
    std::size_t to = column + used - 1;
    if (at(to, row).columns == 0) --to;
    auto& under = cells_[row * extent_.columns + to].text;
    if (under.size() + one.size() <= 4 + max_combining_bytes) under += one;
  }
  return used;
}

void canvas::fill(std::size_t column, std::size_t row, std::string_view text, style look,
                  std::size_t width) {
  if (row >= extent_.rows || column >= extent_.columns) return;
  const std::size_t end = column + std::min(width, extent_.columns - column);
  for (std::size_t c = column + put(column, row, text, look, width); c < end; ++c)
    set(c, row, " ", 1, look);
}

void canvas::put_right(std::size_t from, std::size_t end, std::size_t row, std::string_view text,
                       style look) {
  end = std::min(end, extent_.columns);
  if (from >= end) return;
  const std::size_t width = std::min(display_width(on_one_line(text)), end - from);
  put(end - width, row, text, look, width);
}

void canvas::show_cursor(std::size_t column, std::size_t row) {
  if (column < extent_.columns && row < extent_.rows) cursor_ = place{column, row};
}

// Both halves of a wide character that is written over in part go.
void canvas::set(std::size_t column, std::size_t row, std::string text, std::size_t columns,
                 style look) {
  cell* line = &cells_[row * extent_.columns];
  const auto blank = [&](std::size_t c) { line[c] = cell{" ", 1, line[c].look}; };
  if (line[column].columns == 0) blank(column - 1);
  const std::size_t after = column + columns;
  if (after < extent_.columns && line[after].columns == 0) blank(after);
  line[column] = cell{std::move(text), columns, look};
  if (columns == 2) line[column + 1] = cell{"", 0, look};
}

std::string canvas::row_text(std::size_t row) const {
  std::string out;
  for (std::size_t c = 0; c < extent_.columns; ++c) out += at(c, row).text;
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

std::string canvas::text() const {
  std::string out;
  for (std::size_t r = 0; r < extent_.rows; ++r) out += row_text(r) + "\n";
  return out;
}

}  // namespace wardline::tui
