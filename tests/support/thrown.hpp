#pragma once

#include <string_view>
#include <utility>

#include "tests/support/catch.hpp"

namespace wardline::test {

/// The exception of type `E` that `action` must throw.
template <class E, class Action>
E thrown_by(Action&& action) {
  try {
    std::forward<Action>(action)();
  } catch (const E& e) {
    return e;
  }
  FAIL("nothing was thrown");
  throw;  // not reached
}

/// Catch2 2 and 3 name their matcher for this differently.
inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace wardline::test
