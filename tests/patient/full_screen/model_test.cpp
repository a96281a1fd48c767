#include "patient/full_screen/model.hpp"

#include "tests/patient/full_screen/screens.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;
using namespace patient::full_screen;
using protocol::priority;
using tui::key_name;

namespace {

byte acknowledged(const std::optional<wish>& w) {
  REQUIRE(w.has_value());
  REQUIRE(std::holds_alternative<acknowledge>(*w));
  return std::get<acknowledge>(*w).message.value[0];
}

std::string sent(const std::optional<wish>& w) {
  REQUIRE(w.has_value());
  REQUIRE(std::holds_alternative<send_text>(*w));
  return std::get<send_text>(*w).text;
}

template <class Wish>
bool is(const std::optional<wish>& w) {
  return w && std::holds_alternative<Wish>(*w);
}

}  // namespace

TEST_CASE("one key acknowledges the message that is selected") {
  desk d;
  CHECK_FALSE(d.press(letter("a")));
  d.has({message(3, "newest"), message(2, "middle"), message(1, "oldest")});
  CHECK(acknowledged(d.press(letter("a"))) == 3);
  d.press(key_name::down);
  CHECK(acknowledged(d.press(letter("a"))) == 2);
  d.press(key_name::end);
  CHECK(acknowledged(d.press(letter("a"))) == 1);
  d.press(key_name::home);
  CHECK(acknowledged(d.press(letter("a"))) == 3);

  auto done = message(3, "newest");
  done.acknowledged_at = 5;
  d.has({done});
  CHECK_FALSE(d.press(letter("a")));
  CHECK(contains(d.at.notices().back(), "already"));
}

TEST_CASE("a message that slides under the finger is not acknowledged by it") {
  desk d;
  d.has({message(1, "first")});
  d.now += 10s;
  d.has({message(2, "second"), message(1, "first")});
  CHECK(d.at.selected()->content.id == make_id(2));
  d.now += model::reading_time - 1ms;
  CHECK_FALSE(d.press(letter("a")));
  CHECK(contains(d.at.notices().back(), "has just come"));
  d.now += 1ms;
  CHECK(acknowledged(d.press(letter("a"))) == 2);
}

TEST_CASE("who reads an older message goes on reading it when another comes") {
  desk d;
  d.has({message(2, "second"), message(1, "first")});
  d.press(key_name::down);
  d.has({message(3, "third"), message(2, "second"), message(1, "first")});
  CHECK(d.at.selected()->content.id == make_id(1));
  CHECK(d.at.selected_row() == 2);
  CHECK(acknowledged(d.press(letter("a"))) == 1);
}

TEST_CASE("an emergency that waits stays selected when something lesser comes") {
  desk d;
  auto fire = message(1, "fire", priority::emergency);
  d.has({fire});
  d.has({message(2, "lunch"), fire});
  CHECK(d.at.selected()->content.id == make_id(1));
  CHECK(acknowledged(d.press(letter("a"))) == 1);
  fire.acknowledged_at = 5;
  d.has({message(2, "lunch"), fire});
  // From then on the newest is shown again.
  d.has({message(3, "tea"), message(2, "lunch"), fire});
  CHECK(d.at.selected()->content.id == make_id(3));
}

TEST_CASE("what is typed is sent by Enter, and by nothing else") {
  desk d;
  d.press(letter("3"));
  d.type("have a q1");
  CHECK(d.at.draft().text() == "have a q1");
  CHECK(sent(d.press(key_name::enter)) == "have a q1");
  CHECK(d.at.draft().empty());
  CHECK(d.at.where() == focus::inbox);

  d.press(key_name::tab);
  CHECK(d.at.where() == focus::draft);
  d.type("  ");
  CHECK_FALSE(d.press(key_name::enter));  // nothing to send
  CHECK(d.at.draft().text() == "  ");
}

TEST_CASE("no event, no message and no other place takes away what is being typed") {
  desk d;
  d.press(letter("w"));
  d.type("I need");
  d.hear(patient::disconnected{"connection_lost", {}, 500ms});
  d.hear(patient::message_received{message(1, "x", priority::emergency), false});
  d.has({message(1, "x", priority::emergency)});
  CHECK(d.at.where() == focus::draft);
  d.press(key_name::up);
  d.press(key_name::down);
  d.press(key_name::page_down);
  d.type(" help");
  CHECK(d.at.draft().text() == "I need help");
  d.press(key_name::escape);
  CHECK(d.at.where() == focus::inbox);
  CHECK(acknowledged(d.press(letter("a"))) == 1);
  d.press(letter("3"));
  CHECK(d.at.draft().text() == "I need help");

  // A question that comes in between has an answer of its own, and waits until the draft is left.
  d.at.ask_for_doctor(make_doctor(1).public_part());
  CHECK(d.at.shows() == panel::fingerprints);
  d.type(" now");
  CHECK(d.at.draft().text() == "I need help now");
  d.press(key_name::up);  // another panel
  d.press(key_name::escape);
  CHECK(d.at.where() == focus::trust);
  CHECK(d.at.shows() == panel::fingerprints);
  d.type("no");
  CHECK(is<answer_doctor>(d.press(key_name::enter)));
  CHECK(d.at.where() == focus::inbox);
  CHECK(d.at.draft().text() == "I need help now");
}

TEST_CASE("a question that comes while a message is typed is not answered by it") {
  desk d("");
  d.press(letter("3"));
  d.at.ask_for_doctor(make_doctor(1).public_part());
  d.type("yes");
  CHECK(sent(d.press(key_name::enter)) == "yes");
  CHECK(d.at.where() == focus::trust);
  CHECK(d.at.stranger().has_value());
}

TEST_CASE("what is pasted gives no orders, and is not lost") {
  desk d;
  d.has({message(1, "x", priority::emergency)});
  for (const char c : std::string("a question")) CHECK_FALSE(d.press({key_name::text, {c}, true}));
  CHECK(d.at.where() == focus::draft);
  CHECK(d.at.draft().text() == "a question");
  d.press(key_name::escape);
  d.press(letter("q"));
  CHECK_FALSE(d.press({key_name::text, "y", true}));
  CHECK(d.at.where() == focus::inbox);
}

TEST_CASE("a message that could not be taken is there again, before what was typed since") {
  desk d;
  d.at.put_back("first");
  CHECK(d.at.draft().text() == "first");
  CHECK(d.at.where() == focus::draft);
  d.at.put_back("before");
  CHECK(d.at.draft().text() == "before first");
  d.type("!");
  CHECK(d.at.draft().text() == "before first!");
}

TEST_CASE("an emergency rings once, and what the doctor has taken back does not") {
  desk d;
  const auto rings = [&d](const patient::inbox_message& m) {
    d.hear(patient::message_received{m, false});
    const bool out = d.at.take_bell();
    CHECK_FALSE(d.at.take_bell());
    return out;
  };
  CHECK(rings(message(1, "x", priority::emergency)));
  CHECK_FALSE(rings(message(2, "x", priority::urgent)));
  CHECK_FALSE(rings(message(3, "x")));
  auto late = message(4, "x", priority::emergency);
  late.at.came_late = true;
  CHECK_FALSE(rings(late));
  auto cancelled = message(5, "x", priority::emergency);
  cancelled.at.cancelled_by = make_id(6);
  CHECK_FALSE(rings(cancelled));
}

TEST_CASE("the open emergency is the newest that nobody has acknowledged") {
  desk d;
  CHECK(d.at.open_emergency() == nullptr);
  d.has({message(4, "x"), message(3, "x", priority::emergency),
         message(2, "x", priority::emergency)});
  CHECK(d.at.open_emergency()->content.id == make_id(3));
  d.press(key_name::end);
  d.press(letter("e"));
  CHECK(acknowledged(d.press(letter("a"))) == 3);
  auto done = message(3, "x", priority::emergency);
  done.acknowledged_at = 1;
  d.has({message(4, "x"), done});
  CHECK(d.at.open_emergency() == nullptr);
}

TEST_CASE("leaving and disconnecting are asked about, and any key but y means no") {
  desk d;
  for (const auto* key : {"2", "q"}) {
    CHECK_FALSE(d.press(letter(key)));
    CHECK(d.at.where() == focus::leaving);
    CHECK_FALSE(d.press(letter("n")));
    CHECK(d.at.where() == focus::inbox);
    d.press(letter(key));
    CHECK(is<leave>(d.press(letter("y"))));
  }
  d.press(letter("1"));
  CHECK_FALSE(d.press(key_name::enter));
  d.press(letter("1"));
  CHECK(is<patient::full_screen::disconnect>(d.press(letter("y"))));
}

TEST_CASE("a doctor is trusted by the whole word and by nothing less") {
  desk d("");
  d.at.ask_for_doctor(make_doctor(1).public_part());
  CHECK(d.at.shows() == panel::fingerprints);
  CHECK(contains(d.at.going_on().words(d.now), "Waiting for your answer"));
  for (const auto* not_yet : {"", "y", "yes!", "Yes"}) {
    d.type(not_yet);
    CHECK_FALSE(d.press(key_name::enter));
    CHECK(d.at.where() == focus::trust);
  }
  d.press(key_name::escape);
  d.press(key_name::tab);
  d.type("yes");
  const auto said = d.press(key_name::enter);
  REQUIRE(is<answer_doctor>(said));
  CHECK(std::get<answer_doctor>(*said).is_theirs);
  CHECK(d.at.where() == focus::inbox);
}

TEST_CASE("fingerprints are shown on demand, and when there is something to compare") {
  desk d;
  CHECK(d.at.shows() == panel::message);
  d.press(letter("f"));
  CHECK(d.at.shows() == panel::fingerprints);
  d.press(letter("f"));
  CHECK(d.at.shows() == panel::message);
  d.hear(patient::waiting{600s, make_doctor(2).own_fingerprint()});
  CHECK(d.at.shows() == panel::fingerprints);
  // And from their beginning, however far down the message was read.
  d.press(letter("f"));
  d.press(key_name::page_down);
  d.hear(patient::waiting{600s, make_doctor(2).own_fingerprint()});
  CHECK(d.at.scrolled() == 0);
  // An emergency comes before.
  d.hear(patient::message_received{message(1, "x", priority::emergency), false});
  CHECK(d.at.shows() == panel::message);
}

TEST_CASE("notices are bounded") {
  desk d;
  for (int i = 0; i < 500; ++i)
    d.hear(patient::problem{errc::busy, "number " + std::to_string(i), {}});
  CHECK(d.at.notices().size() == model::max_notices);
  CHECK(contains(d.at.notices().back(), "number 499"));
}
