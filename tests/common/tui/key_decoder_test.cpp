#include "common/tui/key_decoder.hpp"

#include "tests/support/catch.hpp"

namespace wardline::tui {
namespace {

// "a", "é", "<up>": what the bytes become, each key in words.
std::string words(const std::vector<key>& keys) {
  std::string out;
  for (const auto& k : keys)
    out += k.name == key_name::text ? k.text : "<" + std::to_string(static_cast<int>(k.name)) + ">";
  return out;
}

std::string word(key_name name) { return words({{name, {}}}); }

std::string decoded(std::string_view bytes) {
  key_decoder d;
  return words(d.decode(bytes));
}

}  // namespace

TEST_CASE("keys are the same, however their bytes are cut into pieces") {
  const std::string bytes =
      "a\xc3\xa9\xe5\x8c\xbb\xf0\x9f\x98\x80\x1b[A\x1bOB\x1b[3~\x1b[1;5C\r\x7f\x1b[200~p\nq\x1b["
      "201~z";
  const std::string expected = "a\xc3\xa9\xe5\x8c\xbb\xf0\x9f\x98\x80" + word(key_name::up) +
                               word(key_name::down) + word(key_name::del) + word(key_name::right) +
                               word(key_name::enter) + word(key_name::backspace) + "p qz";
  CHECK(decoded(bytes) == expected);
  for (std::size_t size = 1; size < 5; ++size) {
    key_decoder d;
    std::string got;
    for (std::size_t i = 0; i < bytes.size(); i += size)
      got += words(d.decode(std::string_view(bytes).substr(i, size)));
    CHECK(got == expected);
  }
}

TEST_CASE("Escape alone is a key once nothing follows it") {
  key_decoder d;
  CHECK(d.decode("\x1b").empty());
  CHECK(d.is_pending());
  CHECK(words(d.flush()) == word(key_name::escape));
  CHECK_FALSE(d.is_pending());
  CHECK(d.flush().empty());
  CHECK(decoded("\x1bx") == word(key_name::escape) + "x");
}

TEST_CASE("half a character is waited for, not lost") {
  key_decoder d;
  CHECK(d.decode("\xe5\x8c").empty());
  CHECK_FALSE(d.is_pending());
  CHECK(d.flush().empty());
  CHECK(words(d.decode("\xbb")) == "\xe5\x8c\xbb");
}

TEST_CASE("what is pasted gives no orders") {
  CHECK(decoded("\x1b[200~4\r\nyes\x1b[A\x03\t!\x1b[201~\r") == "4  yes !" + word(key_name::enter));
}

TEST_CASE("each key of a pasted text says that it was pasted") {
  key_decoder d;
  std::string flags;
  for (const auto& k : d.decode("a\x1b[200~\xc3\xa9\n\x1b[201~c\r"))
    flags += k.is_pasted ? '1' : '0';
  CHECK(flags == "01100");
}

TEST_CASE("a sequence that breaks off takes no other key with it") {
  CHECK(decoded("\x1b[\r") == word(key_name::enter));
  CHECK(decoded("\x1b[1;\x1b[A") == word(key_name::up));
  CHECK(decoded("\x1bO\xc3\xa9") == "\xc3\xa9");
  // Or a text that ends so would be pasted for ever.
  CHECK(decoded("\x1b[200~a\x1b[\x1b[201~\r") == "a" + word(key_name::enter));
}

TEST_CASE("what is no key is left out") {
  CHECK(decoded("\x1b[<0;10;20Mx") == "x");
  CHECK(decoded("\x1b[15~y") == "y");
  CHECK(decoded("\xff\xc3z") == "z");              // malformed
  CHECK(decoded("\xc2\x9b\xe2\x80\xae.") == ".");  // C1, an override of direction
  CHECK(decoded(std::string(1, '\0') + "\x02.") == ".");
  key_decoder d;  // a sequence without an end is none
  CHECK(words(d.decode("\x1b[" + std::string(100, '1') + "x")).size() < 100);
}

}  // namespace wardline::tui
