// Text encodings and times, for all values.
#include <ctime>

#include "common/cli/time_text.hpp"
#include "tests/support/property.hpp"

namespace wardline::test {
namespace {

bool has_value(const std::string& text, seconds& out) {
  try {
    out = cli::parse_duration(text, seconds(0), seconds(INT64_MAX));
    return true;
  } catch (const failure&) {
    return false;
  }
}

}  // namespace

TEST_CASE("bytes are one text in hexadecimal and in base64url, and no other text is those bytes") {
  property(
      [](const bytes& data) {
        RC_ASSERT(*from_hex(to_hex(data)) == data);
        RC_ASSERT(*from_base64url(to_base64url(data)) == data);
        const auto text = *rc::gen::container<std::string>(
            rc::gen::elementOf(std::string("ABgwZabz019-_=+/ \n")));
        if (const auto read = from_base64url(text)) RC_ASSERT(to_base64url(*read) == text);
        if (const auto read = from_hex(text)) {
          std::string lower = text;
          for (auto& c : lower) c = c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c;
          RC_ASSERT(to_hex(*read) == lower);
        }
      },
      1000);
}

TEST_CASE(
    "what is UTF-8 stays so however it is joined, and damage to it is seen or is UTF-8 again") {
  property(
      [] {
        const auto a = *text_up_to(60);
        const auto b = *text_up_to(60);
        RC_ASSERT(is_utf8(as_bytes(a)));
        RC_ASSERT(is_utf8(as_bytes(a + b)));
        // No beginning of a code point stands alone: cut between or inside.
        const auto cut = *rc::gen::inRange<std::size_t>(0, a.size() + 1);
        const bool is_between =
            cut == a.size() || (static_cast<unsigned char>(a[cut]) & 0xc0U) != 0x80U;
        RC_ASSERT(is_utf8(as_bytes(a).first(cut)) == is_between);
        RC_ASSERT(is_utf8(as_bytes(a).subspan(cut)) == is_between);
      },
      1000);
}

TEST_CASE(
    "whatever is made printable is UTF-8 without control characters, and stays as it is then") {
  property(
      [] {
        const auto text = *text_up_to(80);
        const auto raw = damaged(to_bytes(as_bytes(text)));
        const auto shown = printable(as_text(raw));
        RC_ASSERT(is_utf8(as_bytes(shown)));
        for (const auto c : shown) {
          const auto u = static_cast<unsigned char>(c);
          RC_ASSERT((u >= 0x20 && u != 0x7f) || u == '\n' || u == '\t');
        }
        for (const auto* const hidden :
             {"\xc2\x80", "\xc2\x9b", "\xd8\x9c", "\xe2\x80\x8e", "\xe2\x80\xae", "\xe2\x81\xa6"}) {
          RC_ASSERT(shown.find(hidden) == std::string::npos);
        }
        RC_ASSERT(printable(shown) == shown);
        const auto letters = *rc::gen::container<std::string>(rc::gen::inRange(' ', '\x7f'));
        RC_ASSERT(printable(letters) == letters);
      },
      1000);
}

TEST_CASE("a duration is its number times its unit, or is refused") {
  property(
      [] {
        const auto number = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
        const auto [letter, factor] =
            *rc::gen::elementOf(std::vector<std::pair<std::string, std::int64_t>>{
                {"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}});
        const auto text = std::to_string(number) + letter;
        seconds read{-1};
        RC_ASSERT(has_value(text, read));
        RC_ASSERT(read == seconds(number * factor));

        // Shown and read again: what two neighbouring units leave out is less than an hour.
        const auto shown = cli::duration_text(read);
        if (shown.find(' ') == std::string::npos) {
          seconds again{-1};
          RC_ASSERT(has_value(shown, again));
          RC_ASSERT(again <= read);
          RC_ASSERT(read - again < seconds(3600));
        }
        const auto other = std::string(as_text(damaged(to_bytes(as_bytes(text)))));
        if (has_value(other, read)) {
          const auto end = other.find_first_not_of("0123456789");
          RC_ASSERT(end != 0U);
          RC_ASSERT(end == std::string::npos || end + 1 == other.size());
        }
      },
      1000);
}

TEST_CASE("times are written in the order in which they follow, and read back to the millisecond") {
  property(
      [] {
        constexpr unix_ms year_10000 = 253'402'300'800'000;
        const auto a = *rc::gen::inRange<unix_ms>(0, year_10000);
        const auto b = *rc::gen::inRange<unix_ms>(0, year_10000);
        const auto text = cli::utc_text(a);
        RC_ASSERT((a < b) == (text < cli::utc_text(b)));

        std::tm fields{};
        const char* const rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &fields);
        RC_ASSERT(rest != nullptr);
        const auto whole = static_cast<unix_ms>(::timegm(&fields));
        RC_ASSERT(whole * 1000 + static_cast<unix_ms>(std::stoi(rest + 1)) == a);
        RC_ASSERT(text.size() == 24U);
      },
      1000);
}

}  // namespace wardline::test
