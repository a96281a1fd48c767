#include "doctor/control/request.hpp"

#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::doctor::control;

namespace {

std::string why_refused(const std::string& line) {
  try {
    from_line(line);
  } catch (const failure& f) {
    return f.what();
  }
  return "taken";
}

}  // namespace

TEST_CASE("a request is the same after its line was read") {
  broadcast_request b{"Ward 3\n\"now\"", protocol::priority::urgent, true, seconds(5), seconds(60)};
  const auto line = to_line(b);
  CHECK(line.find('\n') == std::string::npos);
  const auto read = std::get<broadcast_request>(from_line(line));
  CHECK(read.text == b.text);
  CHECK(read.priority == b.priority);
  CHECK(read.present);
  CHECK(read.wait == b.wait);
  CHECK(read.expires == b.expires);

  const auto admit = std::get<admit_request>(from_line(to_line(admit_request{"p", "77", true})));
  CHECK(admit.patient == "p");
  CHECK(admit.fingerprint == "77");
  CHECK(admit.replace);

  const auto invite =
      std::get<invite_request>(from_line(to_line(invite_request{"p", seconds(60), "h.example"})));
  CHECK(invite.valid_for == seconds(60));
  CHECK(invite.host == "h.example");

  const std::string id(32, 'a');
  CHECK(std::get<deliveries_request>(from_line(to_line(deliveries_request{id}))).message == id);
  CHECK(std::get<deliveries_request>(from_line(to_line(deliveries_request{}))).message.empty());
}

TEST_CASE("a correction and a cancellation are the same after their lines were read") {
  const std::string id(32, 'a');
  const auto correct = std::get<correct_request>(
      from_line(to_line(correct_request{id, "two", protocol::priority::urgent, seconds(5)})));
  CHECK(correct.message == id);
  CHECK(correct.text == "two");
  CHECK(correct.priority == protocol::priority::urgent);
  CHECK(correct.wait == seconds(5));
  const auto cancel = std::get<cancel_request>(from_line(to_line(cancel_request{id, "why"})));
  CHECK(cancel.message == id);
  CHECK(cancel.reason == "why");
  CHECK_FALSE(cancel.priority);  // the original's
  CHECK_FALSE(cancel.wait);
  CHECK(why_refused(R"({"command":"cancel"})") == "the field \"message_id\" is missing");
  CHECK(why_refused(R"({"command":"cancel","message_id":""})") ==
        "the field \"message_id\" must be 8 to 32 hexadecimal digits");
  CHECK(why_refused(R"({"command":"correct","message_id":"00000000","priority":"high"})") ==
        "the field \"priority\" must be routine, urgent or emergency");
}

TEST_CASE("the longest text fits into a request, whatever it is made of") {
  CHECK(to_line(broadcast_request{std::string(58'000, '\x01')}).size() < max_request);
}

TEST_CASE("a text that is not UTF-8 is not sent") {
  CHECK_THROWS_AS(to_line(broadcast_request{"\xff"}), failure);
}

TEST_CASE("a request that is not understood is refused with words") {
  CHECK(why_refused("") == "the request is not a flat JSON object");
  CHECK(why_refused("nonsense") == "the request is not a flat JSON object");
  CHECK(why_refused("[]") == "the request is not a flat JSON object");
  CHECK(why_refused(R"({"command":"status"} x)") == "the request is not a flat JSON object");
  CHECK(why_refused(R"({"command":["status"]})") == "the request is not a flat JSON object");
  CHECK(why_refused(std::string(100'000, '[')) == "the request is not a flat JSON object");
  CHECK(why_refused("{\"command\":\"\xff\"}") == "the request is not a flat JSON object");
  CHECK(why_refused("{}") == "the request names no command");
  CHECK(why_refused(R"({"command":1})") == "the request names no command");
  CHECK(why_refused(R"({"command":"reboot"})") == "unknown command \"reboot\"");
  CHECK(why_refused(R"({"command":"status","x":1})") ==
        "the request has a field that the command does not know");
  CHECK(why_refused(R"({"command":"admit"})") == "the field \"patient\" is missing");
  CHECK(why_refused(R"({"command":"admit","patient":"a b"})") ==
        "the field \"patient\" must be 1 to 64 letters, digits or . _ @ -");
  CHECK(why_refused(R"({"command":"admit","patient":7})") ==
        "the field \"patient\" must be a string");
  CHECK(why_refused(R"({"command":"admit","patient":"p","replace":"yes"})") ==
        "the field \"replace\" must be true or false");
  CHECK(why_refused(R"({"command":"broadcast","text":"x","priority":"high"})") ==
        "the field \"priority\" must be routine, urgent or emergency");
  CHECK(why_refused(R"({"command":"broadcast","text":"x","wait_s":-1})") ==
        "the field \"wait_s\" must be a number of seconds");
  CHECK(why_refused(R"({"command":"broadcast","text":"x","wait_s":1e99})") ==
        "the field \"wait_s\" must be a number of seconds");
  CHECK(why_refused(R"({"command":"deliveries","message_id":"00"})") ==
        "the field \"message_id\" must be 8 to 32 hexadecimal digits");
}
