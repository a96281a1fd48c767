#include "tests/support/property.hpp"

#include <cstdlib>
#include <sstream>
#include <string_view>

#include "protocol/constants.hpp"
#include "tests/support/counts.hpp"

namespace wardline::test {
namespace {

rc::detail::TestParams params_for(int cases) {
  auto params = rc::detail::configuration().testParams;
  const char* const given = std::getenv("RC_PARAMS");
  const bool says_how_many =
      given != nullptr && std::string_view(given).find("max_success") != std::string_view::npos;
  if (!says_how_many) params.maxSuccess = cases;
  return params;
}

std::string encoded(char32_t c) {
  const auto low = [&](unsigned shift) {
    return static_cast<char>(0x80U | ((c >> shift) & 0x3fU));
  };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xc0U | (c >> 6U)), low(0)};
  if (c < 0x10000) return {static_cast<char>(0xe0U | (c >> 12U)), low(6), low(0)};
  return {static_cast<char>(0xf0U | (c >> 18U)), low(12), low(6), low(0)};
}

rc::Gen<char32_t> code_point() {
  using rc::gen::inRange;
  // What moves a terminal, or the direction of text, is rare among all the others.
  const auto special = rc::gen::element<char32_t>(0x1b, 0x7f, 0x9b, 0x61c, 0x200e, 0x200f, 0x202a,
                                                  0x202e, 0x2066, 0x2069, 0xfeff, 0xfffd);
  return rc::gen::oneOf(inRange<char32_t>(' ', 0x7f), inRange<char32_t>(0, 0x800), special,
                        inRange<char32_t>(0x800, 0xd800), inRange<char32_t>(0xe000, 0x10000),
                        inRange<char32_t>(0x10000, 0x110000));
}

// A place in something of this size.
std::ptrdiff_t place(std::size_t size) {
  return static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, size).as("place"));
}

void damage_once(bytes& data) {
  const auto what = *rc::gen::inRange(0, 6).as("damage");
  const auto some = *rc::gen::arbitrary<byte>().as("byte");
  if (what == 0 || data.empty()) {
    data.insert(data.begin() + place(data.size() + 1), some);
    return;
  }
  const auto at = data.begin() + place(data.size());
  switch (what) {
    case 1:
      *at = some;
      break;
    case 2:
      *at = static_cast<byte>(*at ^ (1U << (some % 8U)));
      break;
    case 3:
      data.erase(at);
      break;
    case 4:
      data.erase(at, data.end());
      break;
    default:
      const bytes again(at, data.end());
      append(data, again);
  }
}

}  // namespace

void try_property(const rc::detail::Property& p, int cases) {
  const auto params = params_for(cases);
  rc::detail::TestMetadata what;
  what.id = what.description = Catch::getResultCapture().getCurrentTestName();
  const auto outcome = rc::detail::checkProperty(p, what, params);
  rc::detail::SuccessResult success{};
  if (!outcome.match(success)) {
    std::ostringstream text;
    rc::detail::printResultMessage(outcome, text);
    FAIL(text.str() << "\nAgain: RC_PARAMS=\"seed=" << params.seed
                    << "\" and the name of this test");
  }
  CHECK(success.numSuccess == params.maxSuccess);
  count("properties: 1 properties, " + std::to_string(success.numSuccess) + " cases");
}

rc::Gen<bytes> bytes_up_to(std::size_t most) {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(0, most + 1), bytes_of);
}

rc::Gen<std::string> text_up_to(std::size_t most) {
  return rc::gen::map(rc::gen::container<std::vector<char32_t>>(code_point()),
                      [most](const std::vector<char32_t>& points) {
                        std::string out;
                        for (const auto c : points) {
                          const auto next = encoded(c);
                          if (out.size() + next.size() > most) break;
                          out += next;
                        }
                        return out;
                      });
}

rc::Gen<std::string> any_id() {
  static const std::string letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@-";
  return rc::gen::mapcat(
      rc::gen::inRange<std::size_t>(1, protocol::max_id + 1), [](std::size_t size) {
        return rc::gen::container<std::string>(size, rc::gen::elementOf(letters));
      });
}

bytes damaged(const bytes& original) {
  bytes data = original;
  for (int left = *rc::gen::inRange(0, 4).as("damages"); left > 0; --left) damage_once(data);
  return data;
}

}  // namespace wardline::test
