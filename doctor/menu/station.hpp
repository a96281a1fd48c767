#pragma once

namespace wardline::doctor::menu {

/// Where the operator works: the menu, on lines or on a whole screen.
class station {
 public:
  virtual ~station() = default;

  /// Shows the menu; the gateway runs.
  virtual void start() = 0;
};

}  // namespace wardline::doctor::menu
