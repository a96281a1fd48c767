#include "doctor/console/view.hpp"

#include <fmt/format.h>

#include "common/util/text_width.hpp"
#include "tests/doctor/console/ward.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/thrown.hpp"

namespace wardline::doctor::console {
namespace {

using test::broadcast_to;
using test::contains;
using test::in_bed;
using test::noon;
using test::numbered;
using test::status_of;
using test::written;

const std::string here = "\xe2\x97\x8f";
const std::string away = "\xe2\x97\x8b";
const std::string check = "\xe2\x9c\x93";
const std::string wide_name = "\xe5\x8c\xbb\xe7\x94\x9f";

struct screen {
  screen() {
    m.set_status(status_of(3, 2));
    m.set_patients({in_bed("alice", true), in_bed("bob", true, 2), in_bed("carol", false)});
    m.say("12:00:00 alice signed in from 127.0.0.1:9.", cli::log_level::info);
  }

  tui::canvas at(std::size_t columns, std::size_t rows) const {
    return draw(m, {prompt, line}, {columns, rows}, noon).screen;
  }
  std::string text(std::size_t columns = 80, std::size_t rows = 24) const {
    return at(columns, rows).text();
  }
  void type(const std::string& what) { line.press({tui::key_name::text, what}); }

  model m;
  std::string prompt = "doctor> ";
  tui::input_line line;
};

// The row of the screen on which it stands.
std::string row_with(const tui::canvas& c, const std::string& what) {
  for (std::size_t r = 0; r < c.extent().rows; ++r)
    if (contains(c.row_text(r), what)) return c.row_text(r);
  FAIL("not on the screen: " << what << "\n" << c.text());
  return {};
}

}  // namespace

TEST_CASE("the whole of it stands on 80 by 24: ward, menu, events, keys, and what is typed") {
  screen s;
  s.m.print("  1  List connected patients");
  s.type("x");
  const auto c = s.at(80, 24);
  CHECK(contains(c.row_text(0), "dr-lee  127.0.0.1:7460"));
  CHECK(contains(c.row_text(0), "2 of 3 here"));
  CHECK(contains(c.row_text(1), "Nothing needs you."));
  CHECK(contains(row_with(c, "alice  "), here + " alice"));
  CHECK(contains(row_with(c, "alice  "), "now"));
  CHECK(contains(row_with(c, "bob"), "2"));
  CHECK(contains(row_with(c, "carol"), away + " carol"));
  CHECK(contains(row_with(c, "carol"), "1 min"));
  CHECK(contains(c.text(), "1  List connected patients"));
  CHECK(contains(c.text(), "12:00:00 alice signed in"));
  CHECK(contains(c.row_text(22), "! emergency"));
  CHECK(contains(c.row_text(22), "? help"));
  CHECK(c.row_text(23) == "doctor> x");
  REQUIRE(c.cursor());
  CHECK((c.cursor()->column == 9 && c.cursor()->row == 23));
}

TEST_CASE("a larger screen shows every choice") {
  const auto c = screen().at(120, 40);
  for (const auto* key : {"1 list", "3 disconnect", "4 exit", "9 block", "! emergency"})
    CHECK(contains(c.row_text(38), key));
}

TEST_CASE("no size is too small, nor any content too much") {
  screen s;
  s.prompt = "This goes as emergency to 1200 enrolled patients, 7 of them connected now. Yes? ";
  std::vector<patient_row> rows;
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) {
    names.push_back(fmt::format("p{:03}-with-a-name-that-is-long", i));
    rows.push_back(in_bed(names.back(), i % 2 == 0, 100'000));
  }
  s.m.set_patients(rows);
  s.m.set_board(broadcast_to(names, delivery_state::sent));
  s.m.on_event(written(names[0], std::string(3000, 'x') + wide_name), noon);
  s.m.print(wide_name + wide_name + "\x1b[2J\n" + std::string(500, 'y'));
  s.m.say(std::string(5000, 'z'), cli::log_level::error);
  for (int i = 0; i < 50; ++i) s.type(wide_name.substr(0, 3));
  for (const auto shown : {panel::desk, panel::conversation, panel::board}) {
    s.m.show(shown);
    for (const int back : {0, 3, 10'000}) {
      s.m.scroll(back);
      for (std::size_t columns : {0, 1, 2, 3, 20, 59, 60, 61, 80, 120, 300})
        for (std::size_t height : {0, 1, 2, 3, 5, 13, 14, 15, 24, 40}) {
          const auto c = s.at(columns, height);
          for (std::size_t r = 0; r < height; ++r) {
            const auto text = c.row_text(r);
            if (display_width(text) > columns || contains(text, "\x1b"))
              FAIL(columns << "x" << height << ": " << text);
          }
        }
    }
  }
}

TEST_CASE("on the smallest screen what is typed stays in sight") {
  screen s;
  s.m.print("No patients are enrolled");
  for (const char c : std::string("stay where you are")) s.type({c});
  const auto c = s.at(20, 5);
  CHECK(contains(c.text(), "stay where y\nou are\n"));
  CHECK(c.cursor());
}

TEST_CASE("what needs the doctor stands at the top, with the choice that deals with it") {
  screen s;
  auto status = status_of(3, 2);
  status.overdue = 2;
  s.m.set_status(status);
  s.m.set_waiting({{"dave", {}, "127.0.0.1:5", false, noon, noon}});
  s.m.on_event(key_blocked{"mallory", {}, "10.0.0.9", noon}, noon);
  s.m.on_event(written("bob", "hm"), noon);
  const auto row = s.at(120, 24).row_text(1);
  CHECK(contains(row, "! 2 messages overdue (8)"));
  CHECK(contains(row, "! waiting: dave (6)"));
  CHECK(contains(row, "! blocked: mallory at 10.0.0.9 (9)"));
  CHECK(contains(row, "1 unread"));
  CHECK_FALSE(contains(row, "Nothing"));
}

TEST_CASE("states differ by their signs, not by colours alone") {
  screen s;
  auto blocked = in_bed("mallory", false);
  blocked.blocked = true;
  auto never = in_bed("newcomer", false);
  never.since = never.last_seen = std::nullopt;
  s.m.set_patients({in_bed("alice", true), in_bed("carol", false), blocked, never});
  const auto c = s.at(80, 24);
  CHECK(contains(row_with(c, "alice  "), here + " alice"));
  CHECK(contains(row_with(c, "carol"), away + " carol"));
  CHECK(contains(row_with(c, "mallory"), "\xc3\x97 mallory"));
  CHECK(contains(row_with(c, "newcomer"), "? newcomer"));
  CHECK(contains(row_with(c, "newcomer"), "never"));
}

TEST_CASE("the board shows who has the broadcast, and who has not") {
  screen s;
  s.m.set_board(broadcast_to({"alice", "bob", "carol", "dave"}, delivery_state::sent));
  s.m.on_event(delivery_changed{numbered(9), "alice", delivery_state::decrypted, noon}, noon);
  s.m.on_event(delivery_changed{numbered(9), "bob", delivery_state::acknowledged, noon}, noon);
  overdue late{numbered(9), protocol::priority::emergency, {"dave"}, 4, {"carol", "dave"}};
  s.m.on_event(late, noon);
  s.m.show(panel::board);
  const auto text = s.text();
  CHECK(contains(text, "Broadcast 09090909"));
  CHECK(contains(text, "emergency"));
  CHECK(contains(text, "Stay in your rooms"));
  CHECK(contains(text, "2 of 4 have it, 1 say so"));
  CHECK(contains(text, check + "  alice"));
  CHECK(contains(text, check + check + " bob"));
  CHECK(contains(text, "\xe2\x80\xa6  carol"));
  CHECK(contains(text, "!  dave"));
}

TEST_CASE("when there is no room for all, who lacks a broadcast comes first") {
  screen s;
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) names.push_back(fmt::format("p{:03}", i));
  s.m.set_board(broadcast_to(names, delivery_state::decrypted));
  s.m.on_event(delivery_changed{numbered(9), "p199", delivery_state::sent, noon}, noon);
  s.m.show(panel::board);
  const auto text = s.text();
  CHECK(contains(text, "p199"));
  CHECK_FALSE(contains(text, "p198"));
  CHECK(contains(text, " more\n"));
  s.m.scroll(10'000);
  CHECK(contains(s.text(), "p198"));
}

TEST_CASE("looking back ends at the beginning, and from there each step forward shows") {
  screen s;
  std::vector<std::string> names;
  for (int i = 0; i < 200; ++i) {
    names.push_back(fmt::format("p{:03}", i));
    s.m.print(fmt::format("first line of {:03}", i));
    s.m.on_event(written("alice", fmt::format("first line of {:03}", i)), noon);
  }
  s.m.set_board(broadcast_to(names, delivery_state::sent));
  for (const auto shown : {panel::desk, panel::conversation, panel::board}) {
    s.m.show(shown);
    const auto newest = s.text();
    s.m.scroll(1'900);
    const auto furthest = draw(s.m, {s.prompt, s.line}, {80, 24}, noon).scrolled;
    CHECK(furthest < 200);
    s.m.limit_scrolling(furthest);
    const auto oldest = s.text();
    CHECK(contains(oldest, shown == panel::board ? "p199" : "first line of 000"));
    s.m.scroll(-1);
    CHECK(s.text() != oldest);
    s.m.scroll(1 - static_cast<int>(furthest));
    CHECK(s.text() == newest);
  }
}

TEST_CASE("a conversation shows who said what, and what became of it") {
  screen s;
  s.m.on_event(written("alice", "Hello doctor\nsecond line"), noon);
  message_summary ours{numbered(2),   false, noon + 1000, 0, protocol::priority::urgent,
                       "Come at ten", {}};
  ours.deliveries.push_back({"alice", delivery_state::decrypted, {}, {}, {}});
  s.m.set_written("alice", {ours});
  s.m.select(0);
  const auto c = s.at(80, 24);
  CHECK(contains(c.text(), "Conversation with alice"));
  CHECK(contains(c.text(), "alice: Hello doctor"));
  CHECK(contains(c.text(), "[urgent] you: Come at ten"));
  CHECK(contains(c.text(), "(decrypted)"));
  // What a patient writes on a further line cannot pass for another's words.
  CHECK(contains(row_with(c, "second line"), "       second line"));
}

TEST_CASE("a long question stands above what is typed, and a long text stays in sight") {
  screen s;
  s.prompt =
      "This goes as emergency to 12 enrolled patients, 9 of them connected now. Type yes to do "
      "it: ";
  auto c = s.at(80, 24);
  CHECK(contains(c.text(), "12 enrolled patients"));
  CHECK(contains(c.text(), "do it:"));
  for (int i = 0; i < 100; ++i) s.type("word ");
  s.type("end");
  c = s.at(80, 24);
  CHECK(contains(c.text(), "word end"));
  REQUIRE(c.cursor());
  CHECK(c.cursor()->row == 23);
}

TEST_CASE("wide names keep the columns straight") {
  screen s;
  s.m.set_patients({in_bed(wide_name, true, 7), in_bed("bob", true, 7)});
  const auto c = s.at(80, 24);
  const auto column_of_7 = [&](const std::string& name) {
    for (std::size_t r = 0; r < 24; ++r)
      if (contains(c.row_text(r), name))
        for (std::size_t i = 0; i < 40; ++i)
          if (c.at(i, r).text == "7") return i;
    return std::size_t{0};
  };
  CHECK(column_of_7("bob") > 0);
  CHECK(column_of_7("bob") == column_of_7(wide_name));
}

}  // namespace wardline::doctor::console
