#include "common/cli/qr_code.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "common/util/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/qr_reader.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;
using cli::qr_code;
using cli::qr_look;

namespace {

constexpr std::size_t quiet = 4;

const std::vector<qr_look> looks{{true, true}, {true, false}, {false, true}, {false, false}};

std::string invite_like(std::size_t size) {
  std::string out = "wardline1:";
  for (std::size_t i = 0; out.size() < size; ++i) out += "ABCxyz019_-"[i * 7 % 11];
  return out;
}

/// An environment variable that is as it was when this goes.
class variable {
 public:
  variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    if (value == nullptr)
      ::unsetenv(name);
    else
      ::setenv(name, value, 1);
  }
  ~variable() {
    if (before_)
      ::setenv(name_, before_->c_str(), 1);
    else
      ::unsetenv(name_);
  }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("a QR code on a terminal or on paper is read back, in every look and size") {
  for (const std::size_t size : {11, 60, 134, 140, 154, 231, 272, 400, 515}) {
    const auto text = invite_like(size);
    const qr_code code(text);
    for (const auto& look : looks) {
      INFO(size << (look.half_blocks ? " halves" : " pairs") << (look.colours ? " coloured" : ""));
      CHECK(read_qr(seen_on_terminal(cli::qr_text(code, look))) == text);
    }
  }
}

TEST_CASE("every module of a QR code is on the terminal") {
  const qr_code code(invite_like(140));
  for (const auto& look : looks) {
    const auto seen = seen_on_terminal(cli::qr_text(code, look));
    REQUIRE(seen.size() == code.size() + 2 * quiet);
    for (std::size_t y = 0; y < code.size(); ++y)
      for (std::size_t x = 0; x < code.size(); ++x)
        REQUIRE(seen[y + quiet][x + quiet] == code.is_dark(x, y));
  }
}

TEST_CASE("the width of a QR code is that of each of its lines") {
  const qr_code code(invite_like(140));
  CHECK(cli::qr_width(code, {true, false}) == code.size() + 2 * quiet);
  const auto text = cli::qr_text(code, {false, false});
  CHECK(text.find('\n') == cli::qr_width(code, {false, false}));
  // A usual invite fits on the narrowest terminal that is usual.
  CHECK(cli::qr_width(code, {true, true}) <= 80);
}

TEST_CASE("a code without colours has no escape sequence") {
  const qr_code code("x");
  for (const bool halves : {true, false}) {
    CHECK_FALSE(contains(cli::qr_text(code, {halves, false}), "\x1b"));
    CHECK(contains(cli::qr_text(code, {halves, true}), "\x1b[0m\n"));
  }
}

TEST_CASE("what no QR code holds is refused with words") {
  CHECK(contains(thrown_by<failure>([] { qr_code(std::string(2954, 'x')); }).what(), "2954"));
  thrown_by<failure>([] { qr_code(""); });
  CHECK(qr_code(std::string(2953, 'x')).size() == 177);
}

TEST_CASE("half blocks are for UTF-8 locales, colours for terminals") {
  const variable all("LC_ALL", "C.UTF-8");
  CHECK(cli::qr_look_for(-1).half_blocks);
  CHECK_FALSE(cli::qr_look_for(-1).colours);
  const variable other("LC_ALL", "C");
  CHECK_FALSE(cli::qr_look_for(-1).half_blocks);
}
