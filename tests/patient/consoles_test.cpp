#include <array>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "common/cli/time_text.hpp"
#include "patient/compose.hpp"
#include "patient/json_console.hpp"
#include "patient/menu_console.hpp"
#include "tests/patient/fakes.hpp"
#include "tests/patient/people.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;
using json = nlohmann::json;

namespace {

// A JSON console that writes into a pipe.
struct piped_console {
  piped_console() {
    REQUIRE(::pipe(ends.data()) == 0);
    console.emplace(ends[1]);
  }
  ~piped_console() {
    console.reset();
    ::close(ends[0]);
    ::close(ends[1]);
  }
  json line() {
    std::string text;
    char c = 0;
    while (::read(ends[0], &c, 1) == 1 && c != '\n') text.push_back(c);
    return json::parse(text);
  }

  std::array<int, 2> ends{};
  std::optional<patient::json_console> console;
};

patient::inbox_message in_inbox(byte id, std::string_view text, unix_ms expires = 0) {
  return {make_text(id, text, 1'000, expires), true, 2'000, std::nullopt};
}

}  // namespace

TEST_CASE("words on standard input become commands") {
  piped_console p;
  recording_commands to;
  p.console->on_line("send  two  words ", to);
  p.console->on_line("ack 01000000000000000000000000000000", to);
  p.console->on_line("", to);
  p.console->on_line("disconnect", to);
  p.console->on_line("exit", to);
  CHECK(to.asked == std::vector<std::string>{"send  two  words ", "ack 1", "disconnect", "exit"});
}

TEST_CASE("an unknown word and a wrong id are answered by an error event") {
  piped_console p;
  recording_commands to;
  for (const auto* line : {"dance", "ack 12", "exit now", "sendx"}) {
    p.console->on_line(line, to);
    const auto event = p.line();
    CHECK(event.at("event") == "error");
    CHECK(event.at("error") == "invalid_encoding");
  }
  CHECK(to.asked.empty());
}

TEST_CASE("every event is one JSON object with its name") {
  piped_console p;
  const auto key = make_doctor(1).own_fingerprint();
  const auto name_of = [&](const patient::event& e) {
    p.console->show(e);
    return p.line().at("event").get<std::string>();
  };
  CHECK(name_of(patient::connecting{"a:1"}) == "connecting");
  CHECK(name_of(patient::connected{"a:1"}) == "connected");
  CHECK(name_of(patient::waiting{seconds(600), key}) == "waiting");
  CHECK(name_of(patient::doctor_pinned{"dr-lee", key}) == "doctor_pinned");
  CHECK(name_of(patient::group_key_received{1, 2}) == "group_key");
  CHECK(name_of(patient::message_acknowledged{make_id(1), true}) == "acknowledged");
  CHECK(name_of(patient::delivery_changed{make_id(1), patient::delivery_state::sent, 5}) ==
        "delivery");
  CHECK(name_of(patient::broadcast_missing{}) == "broadcast_missing");
  CHECK(name_of(patient::broadcasts_complete{}) == "broadcasts_complete");

  p.console->show(patient::authenticated{true, "dr-lee", key});
  auto event = p.line();
  CHECK(event.at("event") == "authenticated");
  CHECK(event.at("resumed") == true);
  CHECK(event.at("doctor") == "dr-lee");
  CHECK(event.at("fingerprint") == crypto::to_digits(key));

  p.console->show(patient::message_received{in_inbox(1, "line\nfeed\x1b[2J", 1'500), true});
  event = p.line();
  CHECK(event.at("message_id") == "01000000000000000000000000000000");
  CHECK(event.at("kind") == "broadcast");
  CHECK(event.at("priority") == "routine");
  CHECK(event.at("text") == "line\nfeed\x1b[2J");
  CHECK(event.at("expired") == true);
  CHECK(event.at("redelivered") == true);

  p.console->show(patient::disconnected{"idle", {}, milliseconds(250)});
  event = p.line();
  CHECK(event.at("reason") == "idle");
  CHECK(event.at("retry_in_ms") == 250);
  p.console->show(patient::disconnected{"goodbye", {}, {}});
  CHECK_FALSE(p.line().contains("retry_in_ms"));
}

TEST_CASE("the menu's choices") {
  recording_screen out(true);
  recording_commands to;
  manual_clock time{10'000};
  patient::menu_console menu(out, "alice", time);
  CHECK(contains(out.printed, "1  Send disconnect request"));
  CHECK(contains(out.printed, "2  Exit client"));
  CHECK(contains(out.prompt, "alice (not connected)"));

  menu.on_line(" 1 ", to);
  menu.on_line("2", to);
  menu.on_line("3", to);
  menu.on_line("4", to);  // that is the message
  CHECK(to.asked == std::vector<std::string>{"disconnect", "exit", "send 4"});

  out.printed.clear();
  menu.on_line("7", to);
  CHECK(contains(out.printed, "no such choice"));
  menu.on_line("4", to);
  CHECK(contains(out.printed, "The inbox is empty."));
  CHECK(to.asked.size() == 3);
}

TEST_CASE("a message of the inbox is acknowledged by its number") {
  recording_screen out(true);
  recording_commands to;
  manual_clock time{10'000};
  patient::menu_console menu(out, "alice", time);
  to.messages = {in_inbox(5, "newest"), in_inbox(4, "older\x1b[2J", 9'000)};
  menu.on_line("4", to);
  CHECK(contains(out.printed, "newest"));
  CHECK(contains(out.printed, "read, expired"));
  CHECK_FALSE(contains(out.printed, "\x1b"));
  menu.on_line("2", to);
  CHECK(to.asked == std::vector<std::string>{"ack 4"});
  for (const auto* number : {"0", "3", "x", "1x", "-1", "99999999999999999999999"}) {
    menu.on_line("4", to);
    menu.on_line(number, to);
  }
  CHECK(to.asked.size() == 1);
  CHECK(contains(out.printed, "no message with that number"));
}

TEST_CASE("the person is asked about a new doctor, and must say yes") {
  recording_screen out(true);
  recording_commands to;
  manual_clock time;
  patient::menu_console menu(out, "alice", time);
  CHECK(menu.can_ask());
  const auto lee = make_doctor(1);
  menu.ask_for_doctor(lee.public_part());
  CHECK(contains(out.printed, crypto::to_digits(lee.own_fingerprint())));
  menu.on_line("y", to);
  menu.on_line("", to);
  CHECK(to.asked.empty());
  menu.on_line("yes", to);
  CHECK(to.asked == std::vector<std::string>{"yes"});
}

TEST_CASE("the end of input leaves a terminal, and nothing else") {
  manual_clock time;
  recording_commands to;
  recording_screen file(false);
  patient::menu_console plain(file, "alice", time);
  CHECK_FALSE(plain.can_ask());
  plain.on_eof(to);
  CHECK(to.asked.empty());
  recording_screen terminal(true);
  patient::menu_console menu(terminal, "alice", time);
  menu.on_eof(to);
  CHECK(to.asked == std::vector<std::string>{"exit"});
}

TEST_CASE("what a stranger wrote cannot command the terminal") {
  recording_screen out(true);
  manual_clock time;
  patient::menu_console menu(out, "alice", time);
  menu.show(patient::message_received{in_inbox(1, "\x1b]0;owned\x07"), false});
  menu.show(patient::message_received{in_inbox(2, "one\n*** two"), false});
  menu.show(patient::disconnected{"goodbye", "\x1b[31mred\n*** EMERGENCY ***", {}});
  CHECK_FALSE(contains(out.printed, "\x1b"));
  CHECK_FALSE(contains(out.printed, "\n***"));
  CHECK(contains(out.printed, "To all patients"));
}

TEST_CASE("the prompt says how things stand, also while a message is being typed") {
  recording_screen out(true);
  recording_commands to;
  manual_clock time;
  patient::menu_console menu(out, "alice", time);
  menu.show(patient::authenticated{false, "dr-lee", {}});
  CHECK(contains(out.prompt, "signed in"));
  menu.on_line("3", to);
  menu.show(patient::disconnected{"connection_lost", {}, milliseconds(10)});
  CHECK(contains(out.prompt, "Message"));
  menu.on_line("hello", to);
  CHECK(contains(out.prompt, "not connected"));
  CHECK(to.asked == std::vector<std::string>{"send hello"});
}

TEST_CASE("a text is composed, or refused with words") {
  crypto::system_random random;
  const auto good = patient::compose_text("Grüße", 5, random);
  REQUIRE(std::holds_alternative<protocol::content>(good));
  CHECK(std::get<protocol::content>(good).created == 5);
  CHECK(std::holds_alternative<protocol::content>(
      patient::compose_text(std::string(58'000, 'x'), 5, random)));

  const auto error = [&](std::string_view text) {
    return std::get<patient::problem>(patient::compose_text(text, 5, random)).error;
  };
  CHECK(error("") == errc::invalid_encoding);
  CHECK(error("\xc3\x28") == errc::invalid_encoding);
  CHECK(error(std::string(58'001, 'x')) == errc::too_large);
}
