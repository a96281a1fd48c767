#include "common/tui/input_line.hpp"

#include <string_view>

#include "common/util/text_width.hpp"
#include "tests/support/catch.hpp"

namespace wardline::tui {
namespace {

void type(input_line& line, std::string_view text) {
  while (!text.empty()) {
    const auto n = first_glyph(text).bytes;
    line.press({key_name::text, std::string(text.substr(0, n))});
    text.remove_prefix(n);
  }
}

void press(input_line& line, key_name name, int times = 1) {
  while (times-- > 0) CHECK(line.press({name, {}}));
}

}  // namespace

TEST_CASE("characters are typed, passed and erased whole") {
  input_line line;
  type(line,
       "a\xc3\xa9\xe5\x8c\xbb"
       "e\xcc\x81");
  press(line, key_name::left);
  type(line, "x");  // before the e with its accent
  CHECK(line.text() ==
        "a\xc3\xa9\xe5\x8c\xbb"
        "xe\xcc\x81");
  press(line, key_name::del);
  press(line, key_name::backspace, 2);
  CHECK(line.text() == "a\xc3\xa9");
  press(line, key_name::home);
  press(line, key_name::right);
  press(line, key_name::del);
  CHECK(line.text() == "a");
  press(line, key_name::left, 3);
  press(line, key_name::backspace);
  CHECK(line.text() == "a");
}

TEST_CASE("words, the beginning and the rest can be erased at once") {
  input_line line;
  type(line, "stay in  your rooms");
  press(line, key_name::erase_word);
  CHECK(line.text() == "stay in  your ");
  press(line, key_name::erase_word, 2);
  CHECK(line.text() == "stay ");
  press(line, key_name::left, 2);
  press(line, key_name::erase_to_end);
  CHECK(line.text() == "sta");
  press(line, key_name::left);
  press(line, key_name::erase_line);
  CHECK(line.text() == "a");
}

TEST_CASE("earlier lines come back, and what was being typed with them") {
  input_line line;
  for (const auto* text : {"one", "two", "two", ""}) {
    type(line, text);
    CHECK(line.take() == text);
  }
  type(line, "thr");
  press(line, key_name::up);
  CHECK(line.text() == "two");
  press(line, key_name::up, 3);
  CHECK(line.text() == "one");
  press(line, key_name::down, 2);
  CHECK(line.text() == "thr");
  press(line, key_name::down);
  CHECK(line.text() == "thr");
  CHECK_FALSE(line.press({key_name::up, {}}, false));
  CHECK(line.text() == "thr");
}

TEST_CASE("a line is laid out in rows, with the cursor in its place") {
  input_line line;
  auto at = line.laid_out(10, 4);
  CHECK(at.rows == std::vector<std::string>{""});
  CHECK((at.cursor_row == 0 && at.cursor_column == 0));
  type(line, "abcdefgh");
  at = line.laid_out(5, 3);
  CHECK(at.rows == std::vector<std::string>{"ab", "cdefg", "h"});
  CHECK((at.cursor_row == 2 && at.cursor_column == 1));
  press(line, key_name::left, 7);
  at = line.laid_out(5, 3);
  CHECK((at.cursor_row == 0 && at.cursor_column == 1));
  press(line, key_name::end);
  type(line, "ijkl");
  at = line.laid_out(5, 3);  // the cursor stands behind a full row
  CHECK((at.cursor_row == 3 && at.cursor_column == 0));
  CHECK(at.rows.back().empty());
}

TEST_CASE("a wide character is laid out whole, and any indent will do") {
  input_line line;
  type(line, "a\xe5\x8c\xbb\xe7\x94\x9f");
  const auto at = line.laid_out(4, 0);
  CHECK(at.rows == std::vector<std::string>{"a\xe5\x8c\xbb", "\xe7\x94\x9f"});
  CHECK(line.laid_out(0, 1000).rows.size() > 1);
}

TEST_CASE("a line has a bound, and the keys of others are left to them") {
  input_line line;
  const key much{key_name::text, std::string(input_line::max_bytes, 'x')};
  line.press(much);
  type(line, "y");
  CHECK(line.text().size() == input_line::max_bytes);
  for (const auto name : {key_name::enter, key_name::escape, key_name::tab, key_name::page_up})
    CHECK_FALSE(line.press({name, {}}));
}

}  // namespace wardline::tui
