#include "common/tui/curses_screen.hpp"

#include <algorithm>
#include <array>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <langinfo.h>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <utility>

#define NCURSES_NOMACROS 1
#include <curses.h>

#include "common/util/error.hpp"

namespace wardline::tui {
namespace {

// ncurses and wcwidth() judge by the locale of the process.
void use_utf8() {
  std::setlocale(LC_CTYPE, "");
  if (std::string_view(::nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
}

bool wants_colours() {
  const char* no = std::getenv("NO_COLOR");  // no-color.org: set and not empty
  return (no == nullptr || *no == '\0') && ::has_colors();
}

constexpr short pair_of(tone t) { return static_cast<short>(t); }

std::wstring wide(std::string_view text) {
  std::wstring out;
  std::mbstate_t state{};
  while (!text.empty()) {
    wchar_t c = 0;
    const std::size_t n = std::mbrtowc(&c, text.data(), text.size(), &state);
    if (n == 0 || n > text.size()) {  // a canvas has none
      state = {};
      c = L'?';
    }
    // Nobody knows how wide a terminal draws it: the canvas has counted one column.
    if (::wcwidth(c) < 0) c = L'\ufffd';
    out.push_back(c);
    text.remove_prefix(n == 0 || n > text.size() ? 1 : n);
  }
  return out;
}

// Paste between marks, so that a pasted line feed is not the Enter key.
void mark_pastes(bool on) {
  std::fputs(on ? "\x1b[?2004h" : "\x1b[?2004l", stdout);
  std::fflush(stdout);
}

}  // namespace

struct curses_screen::parts {
  SCREEN* screen = nullptr;
  termios before{};
  bool has_colours = false;
};

curses_screen::curses_screen() : parts_(std::make_unique<parts>()) {
  use_utf8();
  ::tcgetattr(STDIN_FILENO, &parts_->before);
  // ncurses would leave the screen when the program is stopped, in the middle of another thread.
  struct sigaction stop {};
  ::sigaction(SIGTSTP, nullptr, &stop);
  parts_->screen = ::newterm(nullptr, stdout, stdin);
  ::sigaction(SIGTSTP, &stop, nullptr);
  if (parts_->screen == nullptr)
    throw failure("this terminal is not known", "TERM names it; --plain does with any");

  ::cbreak();
  ::noecho();
  ::nonl();
  ::typeahead(-1);  // a picture is drawn whole, whatever is typed meanwhile
  parts_->has_colours = wants_colours() && ::start_color() == OK;
  if (parts_->has_colours) {
    const short background = ::use_default_colors() == OK ? -1 : COLOR_BLACK;
    constexpr std::array<std::pair<tone, short>, 4> colours{{{tone::accent, COLOR_CYAN},
                                                             {tone::good, COLOR_GREEN},
                                                             {tone::warning, COLOR_YELLOW},
                                                             {tone::alarm, COLOR_RED}}};
    for (const auto& [t, colour] : colours) ::init_pair(pair_of(t), colour, background);
  }
  // Keys that would stop the program or its output do nothing, and Ctrl-V is no prefix.
  termios mode{};
  ::tcgetattr(STDIN_FILENO, &mode);
  mode.c_cc[VSUSP] = mode.c_cc[VQUIT] = mode.c_cc[VLNEXT] = mode.c_cc[VDISCARD] = _POSIX_VDISABLE;
  mode.c_iflag &= ~static_cast<tcflag_t>(IXON);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &mode);
  ::def_prog_mode();
  mark_pastes(true);
}

curses_screen::~curses_screen() {
  mark_pastes(false);
  ::endwin();
  ::delscreen(parts_->screen);
  ::tcsetattr(STDIN_FILENO, TCSADRAIN, &parts_->before);
}

size curses_screen::follow_size() {
  winsize now{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) == 0 && now.ws_col > 0 && now.ws_row > 0 &&
      (now.ws_col != ::getmaxx(::stdscr) || now.ws_row != ::getmaxy(::stdscr)))
    ::resizeterm(now.ws_row, now.ws_col);
  return {static_cast<std::size_t>(std::max(::getmaxx(::stdscr), 1)),
          static_cast<std::size_t>(std::max(::getmaxy(::stdscr), 1))};
}

void curses_screen::draw(const canvas& picture) {
  const auto [columns, rows] = follow_size();
  ::werase(::stdscr);
  for (std::size_t r = 0; r < std::min(rows, picture.extent().rows); ++r) draw_row(picture, r);
  const auto& cursor = picture.cursor();
  const bool is_shown = cursor && cursor->column < columns && cursor->row < rows;
  if (is_shown) ::wmove(::stdscr, static_cast<int>(cursor->row), static_cast<int>(cursor->column));
  ::curs_set(is_shown ? 1 : 0);
  ::wrefresh(::stdscr);
}

// Neighbours that look the same go together. (What is wider than the screen is cut by ncurses.)
void curses_screen::draw_row(const canvas& picture, std::size_t row) {
  const std::size_t columns = picture.extent().columns;
  for (std::size_t begin = 0; begin < columns;) {
    const style look = picture.at(begin, row).look;
    std::string text;
    std::size_t end = begin;
    for (; end < columns && picture.at(end, row).look == look; ++end)
      text += picture.at(end, row).text;
    attr_t attributes = A_NORMAL;
    if (look.bold || (look.colour == tone::alarm && !parts_->has_colours)) attributes |= A_BOLD;
    if (look.reverse) attributes |= A_REVERSE;
    if (look.colour == tone::faint) attributes |= A_DIM;
    const bool is_coloured =
        parts_->has_colours && look.colour != tone::plain && look.colour != tone::faint;
    ::wattr_set(::stdscr, attributes, is_coloured ? pair_of(look.colour) : short{0}, nullptr);
    const auto shown = wide(text);
    ::mvwaddnwstr(::stdscr, static_cast<int>(row), static_cast<int>(begin), shown.data(),
                  static_cast<int>(shown.size()));
    begin = end;
  }
  ::wattr_set(::stdscr, A_NORMAL, 0, nullptr);
}

void curses_screen::resume() {
  ::reset_prog_mode();
  ::clearok(::curscr, TRUE);
}

void curses_screen::beep() { ::beep(); }

}  // namespace wardline::tui
