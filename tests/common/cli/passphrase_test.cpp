#include "common/cli/passphrase.hpp"

#include <array>
#include <future>
#include <poll.h>
#include <pty.h>
#include <string>
#include <termios.h>
#include <unistd.h>

#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::cli {
namespace {

/// A pipe that holds `text` and has been closed at the writer's end.
class full_pipe {
 public:
  explicit full_pipe(const std::string& text) {
    REQUIRE(::pipe(ends_.data()) == 0);
    REQUIRE(::write(ends_[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(ends_[1]);
  }
  ~full_pipe() { ::close(ends_[0]); }
  int get() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{};
};

std::string text_of(const secret_bytes& s) { return std::string(as_text(s.view())); }

/// A terminal at which `ask_passphrase` waits.
class asked {
 public:
  asked() {
    REQUIRE(::openpty(&person_, &program_, nullptr, nullptr, nullptr) == 0);
    answer_ = std::async(std::launch::async,
                         [this] { return text_of(ask_passphrase(program_, "Passphrase: ")); });
    while (screen_.find("Passphrase: ") == std::string::npos) look();
  }
  ~asked() {
    ::close(person_);
    ::close(program_);
  }
  void type(const std::string& keys) {
    REQUIRE(::write(person_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
  }
  std::string answer() { return answer_.get(); }
  /// All that was shown.
  std::string screen() {
    pollfd any{person_, POLLIN, 0};
    while (::poll(&any, 1, 0) == 1) look();
    return screen_;
  }
  bool echoes() const {
    termios now{};
    REQUIRE(::tcgetattr(program_, &now) == 0);
    return (now.c_lflag & ECHO) != 0;
  }

 private:
  void look() {
    std::array<char, 256> text;
    const ssize_t n = ::read(person_, text.data(), text.size());
    REQUIRE(n > 0);
    screen_.append(text.data(), static_cast<std::size_t>(n));
  }

  int person_ = -1;
  int program_ = -1;
  std::string screen_;
  std::future<std::string> answer_;
};

}  // namespace

TEST_CASE("a passphrase from a descriptor is one line, and the next is left for who comes next") {
  const full_pipe both("first one\nsecond");
  CHECK(text_of(read_passphrase(both.get())) == "first one");
  CHECK(text_of(read_passphrase(both.get())) == "second");
  CHECK_THROWS_AS(read_passphrase(both.get()), failure);
}

TEST_CASE("an empty, an endless and an unreadable passphrase are refused in words") {
  CHECK(test::contains(test::thrown_by<failure>([] {
                         const full_pipe none("\nx");
                         read_passphrase(none.get());
                       }).what(),
                       "empty"));
  CHECK(test::contains(test::thrown_by<failure>([] {
                         const full_pipe much(std::string(max_passphrase + 1, 'x'));
                         read_passphrase(much.get());
                       }).what(),
                       "1024"));
  CHECK_FALSE(test::thrown_by<failure>([] { read_passphrase(987); }).hint().empty());
  CHECK_THROWS_AS(first_line(as_bytes("\n")), failure);
  CHECK(text_of(first_line(as_bytes("words\nmore"))) == "words");
}

TEST_CASE("what is typed for a passphrase is not shown, and the terminal is as before") {
  asked at;
  CHECK_FALSE(at.echoes());
  at.type("wrong\x15hors\x7f\x7fuse \xc3\xa9\x7fx\r");
  CHECK(at.answer() == "house x");
  CHECK_FALSE(test::contains(at.screen(), "o"));
  CHECK(test::contains(at.screen(), "Passphrase: "));
  CHECK(at.echoes());
}

TEST_CASE("a question for a passphrase can be cancelled") {
  asked at;
  at.type("abc\x03");
  CHECK_THROWS_AS(at.answer(), failure);
  CHECK(at.echoes());
}

}  // namespace wardline::cli
