#pragma once

#include "common/tui/canvas.hpp"
#include "common/util/clock.hpp"
#include "patient/full_screen/model.hpp"

namespace wardline::patient::full_screen {

struct picture {
  tui::canvas screen;
  std::size_t furthest;  ///< how far the message can be scrolled
};

/// The picture of `m` for a screen of that size, at that moment; `wall` is the same moment as
/// people count. Whatever the size, what is typed and the state line come first.
picture picture_of(const model& m, tui::size extent, model::time_point now, unix_ms wall);

}  // namespace wardline::patient::full_screen
