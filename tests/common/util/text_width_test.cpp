#include "common/util/text_width.hpp"

#include "tests/support/catch.hpp"

namespace wardline {

TEST_CASE("width is what a terminal shows, not bytes") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("M\xc3\xbcller") == 6);
  CHECK(display_width("\xe5\x8c\xbb\xe7\x94\x9f") == 4);
  CHECK(display_width("e\xcc\x81") == 1);
  CHECK(display_width("\xff\xfe") == 2);
}

TEST_CASE("text is cut between characters, with an ellipsis") {
  CHECK(cut_to_width("abcdef", 6) == "abcdef");
  CHECK(cut_to_width("abcdef", 5) == "abcd\xe2\x80\xa6");
  CHECK(cut_to_width("\xe5\x8c\xbb\xe7\x94\x9f", 3) == "\xe5\x8c\xbb\xe2\x80\xa6");
  CHECK(cut_to_width("\xe5\x8c\xbb\xe7\x94\x9f", 2) == "\xe2\x80\xa6");
  CHECK(cut_to_width("abc", 0).empty());
}

TEST_CASE("text is wrapped at spaces, and at line feeds") {
  using lines = std::vector<std::string>;
  CHECK(wrapped("", 10) == lines{""});
  CHECK(wrapped("stay in your rooms", 10) == lines{"stay in", "your rooms"});
  CHECK(wrapped("one\ntwo\n", 10) == lines{"one", "two"});
  CHECK(wrapped("abcdefgh", 3) == lines{"abc", "def", "gh"});
  CHECK(wrapped("ab cd", 2) == lines{"ab", "cd"});
  // A wide character is not cut in two, nor left out where it never fits.
  CHECK(wrapped("\xe5\x8c\xbb\xe7\x94\x9f", 3) == lines{"\xe5\x8c\xbb", "\xe7\x94\x9f"});
  CHECK(wrapped("\xe5\x8c\xbb", 0) == lines{"\xe5\x8c\xbb"});
}

}  // namespace wardline
