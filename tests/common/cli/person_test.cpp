#include "common/cli/person.hpp"

#include <array>
#include <future>
#include <pty.h>
#include <string>
#include <unistd.h>

#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;

namespace {

struct ends {
  explicit ends(const std::string& text) {
    REQUIRE(::pipe(fd.data()) == 0);
    REQUIRE(::write(fd[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(fd[1]);
  }
  ~ends() { ::close(fd[0]); }
  std::array<int, 2> fd{};
};

}  // namespace

TEST_CASE("a line is read without what is around it, and the next is left for who comes next") {
  const ends in(" wardline1:abc\t\r\nsend hello\n\nlast");
  CHECK(cli::read_line(in.fd[0]) == "wardline1:abc");
  CHECK(cli::read_line(in.fd[0]) == "send hello");
  CHECK(cli::read_line(in.fd[0]).empty());
  CHECK(cli::read_line(in.fd[0]) == "last");
  CHECK(cli::read_line(in.fd[0]).empty());
}

TEST_CASE("a line that is too long is refused, and so is a descriptor that is none") {
  const ends in(std::string(4097, 'x') + "\n");
  thrown_by<failure>([&] { cli::read_line(in.fd[0]); });
  const ends fits(std::string(4096, 'x') + "\n");
  CHECK(cli::read_line(fits.fd[0]).size() == 4096);
  thrown_by<failure>([] { cli::read_line(-1); });
}

TEST_CASE("a person at a terminal sees the question and no control characters, and answers") {
  int person = -1;
  int program = -1;
  REQUIRE(::openpty(&person, &program, nullptr, nullptr, nullptr) == 0);
  auto answer = std::async(std::launch::async, [&] {
    cli::person_at_terminal at(program);
    at.tell("Words\x1b[2J");
    return at.ask("Your id: ");
  });
  std::string screen;
  while (!contains(screen, "Your id: ")) {
    std::array<char, 256> text;
    const ssize_t n = ::read(person, text.data(), text.size());
    REQUIRE(n > 0);
    screen.append(text.data(), static_cast<std::size_t>(n));
  }
  CHECK(contains(screen, "Words\xef\xbf\xbd[2J"));
  REQUIRE(::write(person, " dr-lee \n", 9) == 9);
  CHECK(answer.get() == "dr-lee");

  // Ctrl-D: there will be no answer.
  auto none =
      std::async(std::launch::async, [&] { cli::person_at_terminal(program).ask("Your id: "); });
  REQUIRE(::write(person, "\x04", 1) == 1);
  thrown_by<failure>([&] { none.get(); });
  ::close(person);
  ::close(program);
}
