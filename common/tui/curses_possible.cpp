// Apart from the rest: <term.h> has macros for some of the commonest words.
#include <cstdlib>
#include <string_view>
#include <unistd.h>

#include "common/tui/curses_screen.hpp"

#define NCURSES_NOMACROS 1
#include <curses.h>
#include <term.h>

namespace wardline::tui {

bool curses_screen::is_possible() noexcept {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) return false;
  const char* name = std::getenv("TERM");
  if (name == nullptr || *name == '\0' || std::string_view(name) == "dumb") return false;
  int status = 0;
  if (::setupterm(name, STDOUT_FILENO, &status) != 0) return false;
  const char* place_cursor = ::tigetstr("cup");
  const bool possible = place_cursor != nullptr &&
                        place_cursor != reinterpret_cast<char*>(-1);  // NOLINT: its word for "none"
  ::del_curterm(cur_term);
  return possible;
}

}  // namespace wardline::tui
