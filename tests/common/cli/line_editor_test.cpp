#include "common/cli/line_editor.hpp"

#include <array>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::cli {
namespace {

// What the program at the terminal does: says what it was told, and prints what comes by the pipe.
void converse(int events) {
  bool is_over = false;
  line_editor editor("ward> ");
  editor.on_line = [&](const std::string& line) {
    if (line == "prompt") editor.set_prompt("other> ");
    editor.print_above("got [" + line + "]");
  };
  editor.on_eof = [&] { is_over = true; };
  while (!is_over) {
    std::array<pollfd, 2> either{{{editor.descriptor(), POLLIN, 0}, {events, POLLIN, 0}}};
    ::poll(either.data(), either.size(), -1);
    std::array<char, 256> text;
    if (either[1].revents != 0) {
      const ssize_t n = ::read(events, text.data(), text.size());
      if (n <= 0) return;
      editor.print_above({text.data(), static_cast<std::size_t>(n)});
    }
    if (either[0].revents != 0) editor.readable();
  }
}

// A terminal of 40 columns with that program at it, seen from the person's side.
class terminal {
 public:
  terminal() {
    REQUIRE(::pipe(events_) == 0);
    winsize size{};
    size.ws_row = 20;
    size.ws_col = 40;
    process_ = ::forkpty(&screen_, nullptr, nullptr, &size);
    if (process_ == 0) {
      ::setenv("TERM", "xterm", 1);
      ::close(events_[1]);
      if (!line_editor::is_possible()) ::_exit(3);
      converse(events_[0]);
      ::_exit(0);
    }
    REQUIRE(process_ > 0);
    ::close(events_[0]);
    see("ward> ");
  }
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;
  ~terminal() {
    if (events_[1] >= 0) ::close(events_[1]);
    if (process_ > 0) ::kill(process_, SIGKILL);
    if (process_ > 0) ::waitpid(process_, nullptr, 0);
    ::close(screen_);
  }

  void type(std::string_view keys) {
    REQUIRE(::write(screen_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
  }
  void happen(std::string_view event) {
    REQUIRE(::write(events_[1], event.data(), event.size()) == static_cast<ssize_t>(event.size()));
  }

  void end_events() {
    ::close(events_[1]);
    events_[1] = -1;
  }

  // Reads what is shown until `text` is; what came before it.
  std::string see(std::string_view text) {
    while (true) {
      if (const auto at = shown_.find(text); at != std::string::npos) {
        std::string before = shown_.substr(0, at);
        shown_.erase(0, at + text.size());
        return before;
      }
      std::array<char, 1024> piece;
      const ssize_t n = ::read(screen_, piece.data(), piece.size());
      INFO("shown instead of \"" << text << "\": " << shown_);
      REQUIRE(n > 0);
      shown_.append(piece.data(), static_cast<std::size_t>(n));
    }
  }

  termios mode() const {
    termios m{};
    ::tcgetattr(screen_, &m);
    return m;
  }

  int exit_status() {
    int status = -1;
    ::waitpid(process_, &status, 0);
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  int events_[2];
  int screen_ = -1;
  pid_t process_ = -1;
  std::string shown_;
};

}  // namespace

TEST_CASE("an event that arrives while a person types does not garble the line") {
  terminal t;
  t.type("half a");
  t.see("half a");
  t.happen("EVENT");
  CHECK(test::contains(t.see("EVENT"), "\x1b[J"));  // the line is taken away first
  t.see("ward> half a");
  t.type(" line\r");
  t.see("got [half a line]");
  t.see("ward> ");
}

TEST_CASE("an event is shown in the middle of a key's sequence") {
  terminal t;
  t.type("ab\x1b");
  t.happen("EVENT");
  t.see("EVENT");
  t.type("[Dx\r");  // the rest of "cursor left"
  t.see("got [axb]");
}

TEST_CASE("a line longer than the terminal is taken away whole") {
  terminal t;
  t.type(std::string(60, 'y') + "z");
  t.see("z");
  t.happen("EVENT");
  CHECK(test::contains(t.see("EVENT"), "\x1b[1A"));
  t.type("\r");
  t.see("got [" + std::string(60, 'y') + "z]");
}

TEST_CASE("the prompt can change under what is typed") {
  terminal t;
  t.type("prompt\r");
  t.see("got [prompt]");
  t.see("other> ");
}

TEST_CASE("the suspend key does nothing and a control character is not echoed raw") {
  terminal t;
  t.type(
      "a\x1a\x16\x07"
      "b\r");
  const auto before = t.see(
      "got [a\x07"
      "b]");
  CHECK(test::contains(before, "a^Gb"));
}

TEST_CASE("the end of input is told and gives the terminal back as it was") {
  terminal t;
  t.type("x");
  t.see("x");
  CHECK((t.mode().c_lflag & static_cast<tcflag_t>(ICANON | ECHO)) == 0);
  t.type("\x7f\x04");
  CHECK(t.exit_status() == 0);
  CHECK((t.mode().c_lflag & static_cast<tcflag_t>(ICANON | ECHO)) == (ICANON | ECHO));
  CHECK(t.mode().c_cc[VSUSP] == 0x1a);
}

TEST_CASE("a program that ends while a person types gives the terminal back") {
  terminal t;
  t.type("never finished");
  t.see("never finished");
  t.end_events();
  CHECK(t.exit_status() == 0);
  CHECK((t.mode().c_lflag & static_cast<tcflag_t>(ICANON | ECHO)) == (ICANON | ECHO));
}

}  // namespace wardline::cli
