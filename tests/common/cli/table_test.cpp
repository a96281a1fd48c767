#include "common/cli/table.hpp"

#include "common/util/text_width.hpp"
#include "tests/support/catch.hpp"

namespace wardline::cli {

TEST_CASE("columns are aligned by width") {
  table t({"who", "since"});
  t.add({"M\xc3\xbcller", "1h"});
  t.add({"\xe5\x8c\xbb\xe7\x94\x9f", "2h"});
  t.add({"x"});
  CHECK(t.text(0) ==
        "who     since\n"
        "M\xc3\xbcller  1h\n"
        "\xe5\x8c\xbb\xe7\x94\x9f    2h\n"
        "x\n");
}

TEST_CASE("a table is cut to the terminal at its widest column") {
  table t({"id", "text", "state"});
  t.add({"p1", std::string(100, 'x'), "sent"});
  const std::string text = t.text(30);
  CHECK(text ==
        "id  text                 state\n"
        "p1  xxxxxxxxxxxxxxxxxx\xe2\x80\xa6  sent\n");
}

TEST_CASE("a table too narrow for its columns still fits") {
  table t({"a", "b", "c", "d"});
  t.add({"aaaaaa", "bbbbbb", "cccccc", "dddddd"});
  const std::string text = t.text(10);
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = text.find('\n', begin);
    CHECK(display_width(std::string_view(text).substr(begin, end - begin)) <= 10);
    begin = end + 1;
  }
}

TEST_CASE("a cell is harmless and stays on its line") {
  table t({"text"});
  CHECK(t.empty());
  t.add({"a\nb\x1b[2J"});
  CHECK(t.text(0) == "text\na b\xef\xbf\xbd[2J\n");
}

}  // namespace wardline::cli
