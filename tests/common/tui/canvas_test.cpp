#include "common/tui/canvas.hpp"

#include "tests/support/catch.hpp"

namespace wardline::tui {
namespace {

const std::string doctor_in_chinese = "\xe5\x8c\xbb\xe7\x94\x9f";  // two wide characters
const std::string replacement = "\xef\xbf\xbd";

}  // namespace

TEST_CASE("text stands where it was put, and nowhere else") {
  canvas c({10, 2});
  CHECK(c.put(2, 0, "ward") == 4);
  CHECK(c.put(0, 1, "x") == 1);
  CHECK(c.text() == "  ward\nx\n");
  CHECK(c.at(2, 0).text == "w");
  CHECK(c.at(6, 0).text == " ");
}

TEST_CASE("what does not fit is cut, at the edge as at a width") {
  canvas c({6, 1});
  CHECK(c.put(2, 0, "patient") == 4);
  CHECK(c.row_text(0) == "  pat\xe2\x80\xa6");
  CHECK(c.put(0, 0, "abcdef", {}, 2) == 2);
  CHECK(c.row_text(0) == "a\xe2\x80\xa6pat\xe2\x80\xa6");
  CHECK(c.put(0, 0, "abc", {}, 0) == 0);
}

TEST_CASE("nothing is drawn outside") {
  canvas c({4, 2});
  CHECK(c.put(4, 0, "x") == 0);
  CHECK(c.put(0, 2, "x") == 0);
  c.fill(1000, 0, "x");
  c.fill(3, 1, "xyz", {}, 100);
  c.put_right(0, 1000, 0, "right");
  c.put_right(3, 3, 0, "nothing");
  c.show_cursor(4, 0);
  CHECK_FALSE(c.cursor());
  CHECK(c.text() == "rig\xe2\x80\xa6\n   \xe2\x80\xa6\n");
  canvas none({0, 0});
  CHECK(none.put(0, 0, "x") == 0);
  CHECK(none.text().empty());
}

TEST_CASE("a wide character takes two cells, and is never half there") {
  canvas c({5, 1});
  CHECK(c.put(0, 0, doctor_in_chinese) == 4);
  CHECK(c.at(0, 0).columns == 2);
  CHECK(c.at(1, 0).columns == 0);
  c.put(1, 0, "x");  // over its second half
  CHECK(c.row_text(0) == " x\xe7\x94\x9f");
  c.put(2, 0, "y");  // over its first
  CHECK(c.row_text(0) == " xy");
  CHECK(c.at(3, 0).columns == 1);
  c.put(4, 0, doctor_in_chinese);  // no room
  CHECK(c.row_text(0) == " xy \xe2\x80\xa6");
}

TEST_CASE("combining characters stay with what they combine with, and have a bound") {
  canvas c({3, 1});
  CHECK(c.put(0, 0, "e\xcc\x81x") == 2);
  CHECK(c.at(0, 0).text == "e\xcc\x81");
  CHECK(c.at(1, 0).text == "x");
  c.put(2, 0, "\xcc\x81");  // with nothing: it must not change its neighbour
  CHECK(c.at(1, 0).text == "x");
  std::string tower = "a";
  for (int i = 0; i < 1000; ++i) tower += "\xcc\x81";
  c.put(0, 0, tower);
  CHECK(c.at(0, 0).text.size() <= 16);
}

TEST_CASE("of a text that is too long as much is shown as there is room for") {
  canvas c({10, 1});
  std::string accented;
  for (int i = 0; i < 10; ++i) accented += "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81";
  CHECK(c.put(0, 0, accented) == 10);
  CHECK(c.row_text(0) == accented);
  CHECK(c.put(0, 0, std::string(100'000, 'x')) == 10);
  CHECK(c.row_text(0) == "xxxxxxxxx\xe2\x80\xa6");
}

TEST_CASE("a control character never gets onto a canvas") {
  canvas c({13, 1});
  c.put(0, 0, "a\x1b[2Jb\nc\td\x7f\xff\xe2\x80\xae");
  const std::string row = c.row_text(0);
  CHECK(row == "a" + replacement + "[2Jb c d" + replacement + replacement + replacement);
  for (std::size_t i = 0; i < 13; ++i)
    for (const char one : c.at(i, 0).text) CHECK(static_cast<unsigned char>(one) >= 0x20);
}

TEST_CASE("a style fills what it is given, also where there is no text") {
  canvas c({6, 1});
  const style bar{tone::accent, true, true};
  c.fill(1, 0, "ab", bar, 4);
  CHECK(c.at(0, 0).look == style{});
  CHECK(c.at(1, 0).look == bar);
  CHECK(c.at(4, 0).look == bar);
  CHECK(c.at(5, 0).look == style{});
}

}  // namespace wardline::tui
