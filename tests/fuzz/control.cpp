// The control socket: any line as a request, which if it is one has one meaning, and any line as a
// reply.
#include <nlohmann/json.hpp>

#include "doctor/control/reply.hpp"
#include "doctor/control/request.hpp"
#include "tests/fuzz/support/input.hpp"

using namespace wardline;
using fuzz::must;

namespace {

void request(std::string_view line) {
  std::string text;
  try {
    text = doctor::control::to_line(doctor::control::from_line(line));
  } catch (const failure&) {
    return;
  }
  must(doctor::control::to_line(doctor::control::from_line(text)) == text,
       "a request that was read means what it meant");
}

void reply(std::string_view line) {
  nlohmann::ordered_json result;
  try {
    result = doctor::control::read_reply(line);
  } catch (const failure&) {
    return;
  }
  const auto text = doctor::control::reply_line(result);
  must(text.find('\n') == std::string::npos, "a reply is one line");
  must(doctor::control::read_reply(text) == result, "a reply says what it said");
}

}  // namespace

WARDLINE_FUZZ_TARGET(in) {
  const bool is_request = in.number() % 2 == 0;
  const auto line = as_text(in.rest());
  is_request ? request(line) : reply(line);
}
