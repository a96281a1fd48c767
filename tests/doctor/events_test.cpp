#include <nlohmann/json.hpp>

#include "common/cli/event_writer.hpp"
#include "doctor/events_json.hpp"
#include "doctor/events_text.hpp"
#include "tests/support/catch.hpp"

using namespace wardline;
using namespace wardline::doctor;

namespace {

protocol::content text_content(const std::string& text,
                               protocol::priority p = protocol::priority::routine) {
  return {{}, 77, 0, protocol::content_type::text, p, to_bytes(as_bytes(text))};
}

crypto::fingerprint key() { return {}; }

std::string digits() { return crypto::to_digits(key()); }

const std::string zero_id(32, '0');

}  // namespace

TEST_CASE("each event is one JSON object with the members that programs rely on") {
  const auto line = [](const event& e) { return cli::json_line(to_json(e)); };
  CHECK(line(listening{"127.0.0.1:41233", key()}) ==
        R"({"event":"listening","address":"127.0.0.1:41233","fingerprint":")" + digits() + "\"}");
  CHECK(line(patient_authenticated{"p", key(), "1.2.3.4:5", true, false}) ==
        R"({"event":"patient_authenticated","id":"p","resumed":true,"fingerprint":")" + digits() +
            R"(","address":"1.2.3.4:5","enrolled_now":false})");
  CHECK(line(patient_disconnected{"p", "goodbye"}) ==
        R"({"event":"patient_disconnected","id":"p","reason":"goodbye"})");
  CHECK(line(waiting{"p", key(), "a", true}) == R"({"event":"waiting","id":"p","fingerprint":")" +
                                                    digits() +
                                                    R"(","address":"a","conflict":true})");
  CHECK(line(waiting_ended{"p", key(), "admitted"}) ==
        R"({"event":"waiting_ended","id":"p","fingerprint":")" + digits() +
            R"(","reason":"admitted"})");
  CHECK(line(message_received{"p", text_content("Hällo")}) ==
        R"({"event":"message","from":"p","message_id":")" + zero_id +
            R"(","type":"text","text":"Hällo","priority":"routine","created":77})");
  CHECK(line(delivery_changed{{}, "p", delivery_state::decrypted, 5}) ==
        R"({"event":"delivery","message_id":")" + zero_id +
            R"(","patient":"p","state":"decrypted","at":5})");
  CHECK(line(broadcast_sent{{}, 3, 1, {"p1", "p2"}}) ==
        R"({"event":"broadcast_sent","message_id":")" + zero_id +
            R"(","recipients":3,"present":1,"absent":["p1","p2"]})");
  CHECK(line(message_amended{{}, {}, true, 3}) == R"({"event":"cancelled","message_id":")" +
                                                      zero_id + R"(","by":")" + zero_id +
                                                      R"(","recipients":3})");
  CHECK(line(message_amended{{}, {}, false, 3}).find(R"({"event":"corrected",)") == 0);
  CHECK(line(sign_in_failed{"a", errc::clock_skew, "", std::nullopt}) ==
        R"({"event":"sign_in_failed","address":"a","cause":"clock_skew"})");
  CHECK(line(sign_in_failed{"a", errc::refused, "p", key()}) ==
        R"({"event":"sign_in_failed","address":"a","cause":"refused","id":"p","fingerprint":")" +
            digits() + "\"}");
  CHECK(line(key_blocked{"p", key(), "a", 9}) == R"({"event":"blocked","id":"p","fingerprint":")" +
                                                     digits() + R"(","address":"a","until":9})");
  CHECK(line(source_closed{"a", seconds(900)}) ==
        R"({"event":"source_closed","address":"a","duration_s":900})");
  CHECK(line(frame_refused{"p", errc::out_of_scope, "vitals"}) ==
        R"({"event":"refused","id":"p","cause":"out_of_scope","what":"vitals"})");
  CHECK(line(trouble{"disk full"}) == R"({"event":"trouble","what":"disk full"})");
}

TEST_CASE("what is not text is given as base64url") {
  auto c = text_content("\x01\x02");
  c.type = protocol::content_type::vitals;
  const auto json = to_json(message_received{"p", c});
  CHECK(json.at("type") == "vitals");
  CHECK(json.at("body") == "AQI");
  CHECK_FALSE(json.contains("text"));
}

TEST_CASE("a message cannot pass for an event of its own") {
  const auto shown = sentence(message_received{"p", text_content("one\np2 signed in\x1b[2J")});
  CHECK(shown == "p: one\n    p2 signed in\xEF\xBF\xBD[2J");
}

TEST_CASE("a message's urgency is seen") {
  CHECK(sentence(message_received{"p", text_content("Help", protocol::priority::emergency)}) ==
        "EMERGENCY from p: Help");
}

TEST_CASE("a log has no word of what a patient writes") {
  const auto logged = log_sentence(message_received{"p", text_content("secret illness")});
  CHECK(logged.find("secret") == std::string::npos);
  CHECK(logged == "Message 00000000 from p: text, 14 bytes.");
}

TEST_CASE("trouble is an error, a receipt is for debugging") {
  CHECK(level_of(trouble{"x"}) == cli::log_level::error);
  CHECK(level_of(source_closed{"x", seconds(1)}) == cli::log_level::warning);
  CHECK(level_of(delivery_changed{}) == cli::log_level::debug);
  CHECK(level_of(patient_disconnected{}) == cli::log_level::info);
}
