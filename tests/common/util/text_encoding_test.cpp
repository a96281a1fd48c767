#include "common/util/text_encoding.hpp"

#include "tests/support/catch.hpp"

namespace wardline {
namespace {

bool is_utf8(std::string_view text) { return wardline::is_utf8(as_bytes(text)); }

TEST_CASE("hexadecimal is written small and read in both cases") {
  CHECK(to_hex(bytes{0x00, 0x9f, 0xa0, 0xff}) == "009fa0ff");
  CHECK(from_hex("009fA0fF").value() == bytes{0x00, 0x9f, 0xa0, 0xff});
  CHECK(to_hex({}).empty());
  CHECK(from_hex("").value().empty());
}

TEST_CASE("what is not hexadecimal is refused") {
  for (const auto* text :
       {"0", "000", "0g", "g0", "0x", " 00", "00 ", "0\n", "/0", ":0", "@0", "`0", "\xff\xff"}) {
    INFO(text);
    CHECK(from_hex(text).error() == errc::invalid_encoding);
  }
}

TEST_CASE("base64url gives the values of RFC 4648 without padding") {
  const std::pair<std::string_view, std::string_view> known[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : known) {
    CHECK(to_base64url(as_bytes(plain)) == text);
    CHECK(from_base64url(text).value() == to_bytes(as_bytes(plain)));
  }
  CHECK(to_base64url(bytes{0xfb, 0xff, 0xbf}) == "-_-_");
  CHECK(from_base64url("-_-_").value() == bytes{0xfb, 0xff, 0xbf});
}

TEST_CASE("every value has one text in base64url, and nothing else is read") {
  for (const auto* text : {"A",      // no byte fits into six bits
                           "AAAAA",  // nor here
                           "Zg==", "Zm8=", "Zm9v\n", " Zm9v", "Zm 9v", "+_-_", "-/-_",
                           "Zh",  // unused bits that are not zero
                           "Zm9", "Zm9vYh",
                           "\xc3\xa9"
                           "AA"}) {
    INFO(text);
    CHECK(from_base64url(text).error() == errc::invalid_encoding);
  }
  CHECK(from_base64url(std::string_view("A\0AA", 4)).error() == errc::invalid_encoding);
}

TEST_CASE("well-formed UTF-8 is taken to its limits") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("plain"));
  CHECK(is_utf8(std::string_view("\0", 1)));
  for (const auto* text :
       {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    INFO(to_hex(as_bytes(text)));
    CHECK(is_utf8(text));
  }
}

TEST_CASE("malformed UTF-8 is refused") {
  for (const auto* text : {
           "\x80",
           "\xbf",  // a continuation alone
           "\xc0\x80",
           "\xc1\xbf",  // over-long, two bytes
           "\xe0\x80\x80",
           "\xe0\x9f\xbf",  // three
           "\xf0\x80\x80\x80",
           "\xf0\x8f\xbf\xbf",  // four
           "\xed\xa0\x80",
           "\xed\xbf\xbf",  // surrogates
           "\xf4\x90\x80\x80",
           "\xf5\x80\x80\x80",  // over U+10FFFF
           "\xfe",
           "\xff",
           "\xf8\x88\x80\x80\x80",  // no first bytes
           "\xc2",
           "\xe2\x82",
           "\xf0\x9f\x98",  // cut short
           "\xc2\x41",
           "\xe2\x82\x41",
           "\xe2\x41\x82",  // not continued
       }) {
    INFO(to_hex(as_bytes(text)));
    CHECK_FALSE(is_utf8(text));
    CHECK_FALSE(is_utf8("before" + std::string(text)));
  }
}

TEST_CASE("text is shown without what could move a terminal or mislead") {
  const std::string mark = "\xef\xbf\xbd";
  CHECK(printable("caf\xc3\xa9 \xf0\x9f\x98\x80\tyes\n") == "caf\xc3\xa9 \xf0\x9f\x98\x80\tyes\n");
  CHECK(printable("\x1b[2J") == mark + "[2J");
  CHECK(printable("a\rb\x07") == "a" + mark + "b" + mark);
  CHECK(printable(std::string_view("\0", 1)) == mark);
  CHECK(printable("\x7f") == mark);
  CHECK(printable("\xc2\x9b"
                  "31m") == mark + "31m");  // C1: CSI
  CHECK(printable("\xe2\x80\xae"
                  "abc") == mark + "abc");  // right-to-left override
  CHECK(printable("\xe2\x81\xa6"
                  "abc") == mark + "abc");  // left-to-right isolate
  CHECK(printable("\xff"
                  "a\xc3") == mark + "a" + mark);          // malformed
  CHECK(printable("\xed\xa0\x80") == mark + mark + mark);  // a surrogate, byte by byte
}

}  // namespace
}  // namespace wardline
