#include "patient/full_screen/view.hpp"

#include "tests/patient/full_screen/screens.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;
using protocol::priority;
using tui::key_name;

namespace {

std::size_t row_of(const tui::canvas& picture, std::string_view words) {
  for (std::size_t r = 0; r < picture.extent().rows; ++r)
    if (contains(picture.row_text(r), words)) return r;
  FAIL("nowhere: " << words << "\n" << picture.text());
  return 0;
}

}  // namespace

TEST_CASE("on 80 by 24 there is who, what is going on, the inbox, the message and the keys") {
  desk d;
  d.hear(patient::authenticated{false, "dr-lee", make_doctor(1).own_fingerprint()});
  auto read = message(1, "take your pills");
  read.acknowledged_at = 5;
  d.has({message(2, "stay in your rooms"), read});
  const auto picture = d.picture();
  CHECK(contains(picture.row_text(0), "alice"));
  CHECK(row_of(picture, "Signed in with dr-lee") == 1);
  CHECK(contains(d.seen(), "Inbox: 2 messages, 1 not acknowledged"));
  const auto first = row_of(picture, "stay in your rooms");
  CHECK(picture.row_text(first).starts_with(">"));
  CHECK(picture.row_text(first).ends_with("not acknowledged"));
  CHECK(picture.row_text(first + 1).ends_with("  acknowledged"));
  CHECK(contains(picture.row_text(23), "a Acknowledge"));
  CHECK(contains(picture.row_text(23), "2 Exit"));
  CHECK_FALSE(picture.cursor());

  d.press(key_name::down);
  CHECK(d.picture().row_text(first + 1).starts_with(">"));
}

TEST_CASE("the state line counts down on the screen, in as many rows as it needs") {
  desk d;
  d.hear(patient::delivery_changed{make_id(1), patient::delivery_state::queued, 1});
  d.hear(patient::disconnected{"unavailable", {}, 8s});
  const auto both = d.picture().row_text(1) + d.picture().row_text(2);
  CHECK(contains(both, "dr-lee's gateway cannot be reached; trying again in 8s"));
  CHECK(contains(both, "1 message waits"));
  d.now += 5s;
  CHECK(contains(d.seen(), "trying again in 3s"));
}

TEST_CASE("an emergency stands out, in words as well as in colour, until it is acknowledged") {
  desk d;
  auto fire = message(1, "leave the building", priority::emergency);
  d.has({message(2, "later"), fire});
  auto picture = d.picture();
  const auto banner = row_of(picture, "*** EMERGENCY *** Not acknowledged");
  CHECK(picture.at(1, banner).look.reverse);
  CHECK(picture.at(1, banner).look.colour == tui::tone::alarm);
  CHECK(contains(picture.row_text(row_of(picture, "leave the building")), "!!"));
  d.press(letter("e"));
  CHECK(contains(d.seen(), "*** EMERGENCY *** To all patients"));

  fire.acknowledged_at = 5;
  d.has({message(2, "later"), fire});
  CHECK_FALSE(contains(d.seen(), "Not acknowledged yet"));
}

TEST_CASE("what the doctor has taken back is never shown as if it held") {
  desk d;
  auto wrong = message(1, "take two", priority::emergency);
  wrong.at.cancelled_by = make_id(2);
  d.has({wrong});
  CHECK(contains(d.seen(), "CANCELLED"));
  CHECK(contains(d.seen(), "no longer holds"));
  CHECK_FALSE(contains(d.seen(), "Not acknowledged yet"));
  auto late = message(1, "take two", priority::emergency);
  late.at.came_late = true;
  late.at.corrected_by = make_id(2);
  d.has({late});
  CHECK_FALSE(contains(d.seen(), "take two"));
}

TEST_CASE("what is being typed and the cursor are on every screen that has a row") {
  desk d;
  d.has({message(1, "x", priority::emergency)});
  d.press(letter("3"));
  d.type("hello doctor");
  for (const tui::size extent : {tui::size{80, 24}, tui::size{40, 5}, tui::size{60, 2},
                                 tui::size{132, 50}, tui::size{36, 1}}) {
    const auto picture = d.picture(extent);
    INFO(extent.columns << " by " << extent.rows << "\n" << picture.text());
    const auto row = row_of(picture, "hello doctor");
    REQUIRE(picture.cursor());
    CHECK(picture.cursor()->row == row);
    CHECK(picture.cursor()->column == 35);
  }
  d.press(key_name::escape);
  CHECK(contains(d.seen(), "Not sent yet: hello doctor"));
  CHECK_FALSE(d.picture().cursor());
}

TEST_CASE("a long draft is shown around its cursor") {
  desk d;
  d.press(letter("3"));
  for (int i = 0; i < 60; ++i) d.type("word" + std::to_string(i) + " ");
  CHECK(contains(d.seen(), "word59"));
  CHECK_FALSE(contains(d.seen(), "word0 "));
  REQUIRE(d.picture().cursor());
  CHECK(d.picture().cursor()->row == 22);
  d.press(key_name::home);
  CHECK(contains(d.seen(), "Message to the doctor: word0 "));
  CHECK(d.picture().cursor()->row == 20);
}

TEST_CASE("every size has a picture, and nothing of a peer's is a control character") {
  desk d("dr\x1b[2J");
  auto nasty = message(1, "\x1b]0;x\x07 line\nfeed \xe2\x80\xae \xff wide \xe4\xbd\xa0\xe5\xa5\xbd",
                       priority::emergency);
  d.has({nasty, message(2, std::string(5'000, 'x'))});
  d.hear(patient::problem{errc::busy, "words \x1b[2J of a peer\nand more", "hint\x07"});
  d.hear(patient::disconnected{"\x1b[2J", "\x1b[2J", 1s});
  for (const auto* keys : {"", "f", "3", "2"}) {
    if (*keys != '\0') d.type(keys);
    for (std::size_t columns = 1; columns < 100; columns += 9) {
      for (std::size_t rows = 1; rows < 30; rows += 3) {
        const auto text = d.seen({columns, rows});
        for (const char c : text) {
          if (c != '\n') REQUIRE(static_cast<unsigned char>(c) >= 0x20);
        }
        REQUIRE_FALSE(contains(text, "\xe2\x80\xae"));
      }
    }
    d.press(key_name::escape);
  }
}

TEST_CASE("wide characters take two columns of the inbox") {
  desk d;
  d.has({message(1, "\xe4\xbd\xa0\xe5\xa5\xbd \xe4\xbd\xa0\xe5\xa5\xbd")});
  const auto picture = d.picture();
  const auto row = row_of(picture, "\xe4\xbd\xa0\xe5\xa5\xbd \xe4\xbd\xa0\xe5\xa5\xbd");
  CHECK(picture.row_text(row).ends_with("not acknowledged"));
  std::size_t covered = 0;
  for (std::size_t c = 0; c < 80; ++c) covered += picture.at(c, row).columns == 0 ? 1 : 0;
  CHECK(covered == 4);
}

TEST_CASE("a long message is paged through") {
  desk d;
  std::string text;
  for (int i = 0; i < 100; ++i) text += "line" + std::to_string(i) + ".\n";
  d.has({message(1, text)});
  CHECK(contains(d.seen(), "line0."));
  CHECK(contains(d.seen(), "(more: PgDn)"));
  d.press(key_name::page_down);
  CHECK_FALSE(contains(d.seen(), "line0.\n"));
  for (int i = 0; i < 50; ++i) d.press(key_name::page_down);
  CHECK(contains(d.seen(), "line99."));  // (more would be for nothing)
  CHECK_FALSE(contains(d.seen(), "(more: PgDn)"));
  d.press(key_name::page_up);
  CHECK_FALSE(contains(d.seen(), "line99."));
}

TEST_CASE("the fingerprints are twelve groups of five digits, with the reason to compare them") {
  desk d("");
  const auto doctor = make_doctor(1);
  d.at.ask_for_doctor(doctor.public_part());
  const auto groups = crypto::to_digits(doctor.own_fingerprint());
  const auto three_lines = [&](const std::string& seen, const std::string& digits) {
    return contains(seen, digits.substr(0, 23)) && contains(seen, digits.substr(24, 23)) &&
           contains(seen, digits.substr(48, 23));
  };
  CHECK(three_lines(d.seen(), groups));
  CHECK(contains(d.seen(), "Is this your doctor? (yes/no):"));
  CHECK(contains(d.seen(), "somebody else has answered"));
  d.type("yes");
  d.press(key_name::enter);
  CHECK_FALSE(three_lines(d.seen(), groups));

  d.hear(patient::authenticated{false, "dr-lee", doctor.own_fingerprint()});
  d.press(letter("f"));
  CHECK(three_lines(d.seen(), groups));
  const auto own = make_doctor(2).own_fingerprint();
  d.hear(patient::waiting{600s, own});
  CHECK(three_lines(d.seen(), crypto::to_digits(own)));
}

TEST_CASE("who is typing when the question comes is told how to come to it") {
  desk d("");
  d.press(letter("3"));
  CHECK(contains(d.seen(), "Esc Back to the inbox"));
  d.at.ask_for_doctor(make_doctor(1).public_part());
  CHECK(contains(d.seen(), "Esc Answer the question"));
  CHECK(contains(d.seen(), "Message to the doctor:"));
  d.press(key_name::escape);
  CHECK(contains(d.seen(), "Is this your doctor? (yes/no):"));
}

TEST_CASE("what went wrong is told, with what to do") {
  desk d;
  d.hear(patient::problem{errc::clock_skew, "the clocks differ", "Set the clock."});
  CHECK(contains(d.seen(), "Error: the clocks differ"));
  CHECK(contains(d.seen(), "Set the clock."));
}
