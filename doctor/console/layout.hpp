#pragma once

#include <algorithm>
#include <cstddef>

#include "common/tui/canvas.hpp"

namespace wardline::doctor::console {

/// A part of the screen; without rows it is not shown.
struct area {
  std::size_t column = 0;
  std::size_t row = 0;
  std::size_t columns = 0;
  std::size_t rows = 0;
};

/// Where everything stands. A screen that is too small for all of it keeps what is typed, and what
/// the menu says.
struct layout {
  area title, needs, ward, panel, events, keys, input;
};

inline layout lay_out(const tui::size& screen, std::size_t input_rows) {
  constexpr std::size_t least_columns = 60;
  constexpr std::size_t least_rows = 14;
  const auto [w, h] = screen;
  layout out;
  const std::size_t input = std::clamp<std::size_t>(input_rows, 1, std::max<std::size_t>(h / 2, 1));
  out.input = {0, h - std::min(input, h), w, std::min(input, h)};
  std::size_t top = 0;
  std::size_t bottom = out.input.row;
  if (w < least_columns || h < least_rows) {
    if (bottom > 2) out.title = {0, top++, w, 1};
    out.panel = {0, top, w, bottom - top};
    return out;
  }
  out.title = {0, top++, w, 1};
  out.needs = {0, top++, w, 1};
  out.keys = {0, --bottom, w, 1};
  const std::size_t events = std::clamp<std::size_t>(h / 6, 3, 10) + 1;  // with its heading
  bottom -= std::min(events, bottom - top - 3);
  out.events = {0, bottom, w, out.keys.row - bottom};
  const std::size_t ward = std::clamp<std::size_t>(w * 2 / 5, 24, 44);
  out.ward = {0, top, ward, bottom - top};
  out.panel = {ward + 3, top, w - ward - 3, bottom - top};  // a line between spaces
  return out;
}

}  // namespace wardline::doctor::console
