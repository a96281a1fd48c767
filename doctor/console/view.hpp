#pragma once

#include <string>

#include "common/tui/canvas.hpp"
#include "common/tui/input_line.hpp"
#include "doctor/console/layout.hpp"
#include "doctor/console/model.hpp"

namespace wardline::doctor::console {

/// What the person types, and behind which question.
struct typing {
  const std::string& prompt;
  const tui::input_line& line;
};

struct picture {
  tui::canvas screen;
  std::size_t scrolled;  ///< how far back it really looks
};

/// The whole screen as it is to be seen.
picture draw(const model& m, const typing& t, const tui::size& screen, unix_ms now);

/// Of what stands on the right, on a screen of that size: the menu makes its tables for it.
std::size_t panel_columns(const tui::size& screen);

/// The parts, each within its area.
void draw_ward(tui::canvas& to, const area& where, const model& m, unix_ms now);
std::size_t draw_panel(tui::canvas& to, const area& where, const model& m);  ///< how far back

}  // namespace wardline::doctor::console
