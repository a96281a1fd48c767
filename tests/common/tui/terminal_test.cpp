#include "common/tui/terminal.hpp"

#include <array>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utility>

#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::tui {
namespace {

using test::contains;

canvas picture(size extent, const std::string& text) {
  canvas c(extent);
  c.put(0, 0, text, {tone::alarm});
  c.show_cursor(0, 0);
  return c;
}

// What the program at the terminal does: it shows what was typed, and how large the screen is.
void echo_keys() {
  std::string typed;
  bool is_over = false;
  terminal screen;
  const auto show = [&] {
    const auto [columns, rows] = screen.extent();
    screen.show(picture(screen.extent(), "typed[" + typed + "] " + std::to_string(columns) + "x" +
                                             std::to_string(rows)));
    screen.redraw();  // or only what has changed would be written
  };
  screen.on_resize = show;
  screen.on_end = [&] { is_over = true; };
  screen.on_key = [&](const key& k) {
    if (k.name == key_name::escape) is_over = true;
    if (k.name == key_name::del) throw std::runtime_error("on its way out");
    typed += k.text;
    show();
  };
  show();
  while (!is_over) {
    pollfd ready{screen.descriptor(), POLLIN, 0};
    if (::poll(&ready, 1, -1) > 0) screen.readable();
  }
}

// A terminal of 40 columns with that program at it, seen from the person's side.
class seat {
 public:
  explicit seat(const char* name = "xterm", bool colours = true) {
    winsize size{};
    size.ws_row = 10;
    size.ws_col = 40;
    before_ = settings_of_a_new_terminal();
    process_ = ::forkpty(&screen_, nullptr, &before_, &size);
    if (process_ == 0) {
      ::signal(SIGHUP, SIG_IGN);  // of a terminal that is gone it learns otherwise
      ::setenv("TERM", name, 1);
      colours ? ::unsetenv("NO_COLOR") : ::setenv("NO_COLOR", "1", 1);
      if (!terminal::is_possible()) ::_exit(3);
      try {
        echo_keys();
      } catch (const std::runtime_error&) {
        ::_exit(4);
      }
      ::_exit(0);
    }
    REQUIRE(process_ > 0);
  }
  seat(const seat&) = delete;
  seat& operator=(const seat&) = delete;
  ~seat() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
    ::close(screen_);
  }

  void type(std::string_view keys) {
    REQUIRE(::write(screen_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
  }

  void resize(unsigned short columns, unsigned short rows) {
    winsize size{};
    size.ws_row = rows;
    size.ws_col = columns;
    REQUIRE(::ioctl(screen_, TIOCSWINSZ, &size) == 0);
  }

  // Reads what is written until `text` is; what came before it.
  std::string see(std::string_view text) {
    while (true) {
      if (const auto at = shown_.find(text); at != std::string::npos) {
        std::string before = shown_.substr(0, at);
        shown_.erase(0, at + text.size());
        return before;
      }
      INFO("shown instead of \"" << text << "\": " << shown_);
      REQUIRE(read_more());
    }
  }

  // Nobody sits there any more.
  void close() {
    ::close(screen_);
    screen_ = -1;
  }

  // All that is still written until the program ends, and its exit status.
  std::string end(int& status) {
    while (read_more()) {
    }
    ::waitpid(process_, &status, 0);
    process_ = -1;
    status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return shown_;
  }

  termios mode() const {
    termios m{};
    ::tcgetattr(screen_, &m);
    return m;
  }
  bool is_as_before() const {
    const auto now = mode();
    return now.c_lflag == before_.c_lflag && now.c_iflag == before_.c_iflag &&
           now.c_oflag == before_.c_oflag && now.c_cc[VSUSP] == before_.c_cc[VSUSP];
  }
  pid_t process() const { return process_; }

 private:
  static termios settings_of_a_new_terminal() {
    termios out{};
    int one = -1;
    int other = -1;
    REQUIRE(::openpty(&one, &other, nullptr, nullptr, nullptr) == 0);
    ::tcgetattr(other, &out);
    ::close(one);
    ::close(other);
    return out;
  }

  bool read_more() {
    std::array<char, 4096> piece{};
    const ssize_t n = ::read(screen_, piece.data(), piece.size());
    if (n <= 0) return false;
    shown_.append(piece.data(), static_cast<std::size_t>(n));
    return true;
  }

  int screen_ = -1;
  pid_t process_ = -1;
  termios before_{};
  std::string shown_;
};

constexpr std::string_view own_screen = "\x1b[?1049h";
constexpr std::string_view screen_before = "\x1b[?1049l";
constexpr std::string_view red = "\x1b[31m";

}  // namespace

TEST_CASE("a program takes the whole terminal, sees keys, and gives it back as it was") {
  seat s;
  s.see(own_screen);
  s.see("typed[] 40x10");
  CHECK((s.mode().c_lflag & (ECHO | ICANON)) == 0);
  CHECK((s.mode().c_lflag & ISIG) != 0);
  s.type("a\xc3");
  s.see("typed[a]");
  s.type("\xa9");  // the other half of the character comes later
  s.see("typed[a\xc3\xa9]");
  s.type("\x1b");
  int status = -1;
  CHECK(contains(s.end(status), screen_before));
  CHECK(status == 0);
  CHECK(s.is_as_before());
}

TEST_CASE("a program that fails gives the terminal back, too") {
  seat s;
  s.see("typed[]");
  s.type("\x1b[3~");
  int status = -1;
  CHECK(contains(s.end(status), screen_before));
  CHECK(status == 4);
  CHECK(s.is_as_before());
}

TEST_CASE("a terminal that is gone is told of, and waited for no more") {
  seat s;
  s.see("typed[]");
  s.close();
  int status = -1;
  s.end(status);
  CHECK(status == 0);
}

TEST_CASE("a terminal that changes its size is drawn anew, and so is one that continues") {
  seat s;
  s.see("typed[] 40x10");
  s.resize(60, 20);
  s.see("60x20");
  s.resize(20, 3);
  s.see("20x3");
  s.type("x");
  s.see("typed[x] 20x3");
  ::kill(s.process(), SIGCONT);
  s.see("typed[x] 20x3");
}

TEST_CASE("NO_COLOR and terminals without colours have none") {
  seat coloured;
  CHECK(contains(coloured.see("typed[]"), red));
  for (const auto& [name, colours] : {std::pair("xterm", false), std::pair("vt100", true)}) {
    seat plain(name, colours);
    CHECK_FALSE(contains(plain.see("typed[]"), red));
  }
}

TEST_CASE("a terminal that cannot place its cursor is not taken") {
  for (const auto* name : {"dumb", "", "no-such-terminal"}) {
    seat s(name);
    int status = -1;
    s.end(status);
    CHECK(status == 3);
  }
}

}  // namespace wardline::tui
