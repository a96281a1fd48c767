#include "doctor/console/model.hpp"

#include "tests/doctor/console/ward.hpp"
#include "tests/support/catch.hpp"

namespace wardline::doctor::console {
namespace {

using test::broadcast_to;
using test::in_bed;
using test::noon;
using test::numbered;
using test::written;

model with_ward(const std::vector<std::string>& here, const std::vector<std::string>& away) {
  model m;
  std::vector<patient_row> rows;
  for (const auto& id : away) rows.push_back(in_bed(id, false));
  for (const auto& id : here) rows.push_back(in_bed(id, true));
  m.set_patients(rows);
  return m;
}

std::string ids(const model& m) {
  std::string out;
  for (const auto* b : m.ward()) out += b->id + " ";
  return out;
}

}  // namespace

TEST_CASE("who is here stands first, and who comes or goes moves at once") {
  auto m = with_ward({"carol", "bob"}, {"alice"});
  CHECK(ids(m) == "bob carol alice ");
  m.on_event(patient_authenticated{"alice", {}, "127.0.0.1:1", false, false}, noon);
  CHECK(ids(m) == "alice bob carol ");
  m.on_event(patient_disconnected{"bob", "goodbye"}, noon);
  CHECK(ids(m) == "alice carol bob ");
  CHECK(m.ward().back()->last_seen == noon);
  m.on_event(patient_authenticated{"stranger", {}, "127.0.0.1:1", false, true}, noon);
  CHECK(m.ward().size() == 3);  // until the lists come
}

TEST_CASE("the presence of a patient has four faces") {
  model m;
  auto blocked = in_bed("a", true);
  blocked.blocked = true;
  auto never = in_bed("b", false);
  never.since = never.last_seen = std::nullopt;
  m.set_patients({blocked, never, in_bed("c", false), in_bed("d", true)});
  std::vector<presence> states;
  for (const auto* b : m.ward()) states.push_back(b->state);
  CHECK(states == std::vector<presence>{presence::here, presence::blocked, presence::unknown,
                                        presence::away});
  // Who is blocked does not become otherwise by an event.
  m.on_event(patient_disconnected{"a", "refused"}, noon);
  CHECK(m.ward()[1]->state == presence::blocked);
}

TEST_CASE("what a patient writes is unread until the doctor looks at it") {
  auto m = with_ward({"alice", "bob"}, {});
  m.on_event(written("bob", "one"), noon);
  m.on_event(written("bob", "two"), noon + 1);
  CHECK(m.unread() == 2);
  CHECK(m.ward()[1]->unread == 2);
  m.set_patients({in_bed("alice", true), in_bed("bob", true)});  // the lists do not lose it
  CHECK(m.ward()[1]->unread == 2);
  m.select(1);  // nobody was selected: the first
  CHECK(m.selected()->id == "alice");
  CHECK(m.unread() == 2);
  m.select(1);
  CHECK(m.selected()->id == "bob");
  CHECK(m.unread() == 0);
  CHECK(m.ward()[1]->unread == 0);
  m.on_event(written("bob", "three"), noon + 2);  // before the doctor's eyes
  CHECK(m.unread() == 0);
  CHECK(m.conversation().size() == 3);
  m.show(panel::desk);
  m.on_event(written("bob", "four"), noon + 3);
  CHECK(m.unread() == 1);
  m.set_patients({in_bed("alice", true)});  // bob was revoked
  CHECK(m.unread() == 0);
  CHECK(m.selected() == nullptr);
}

TEST_CASE("a conversation is of both sides, by time, and of one patient") {
  auto m = with_ward({"alice", "bob"}, {});
  m.on_event(written("alice", "Hello"), noon);
  m.on_event(written("bob", "elsewhere"), noon);
  m.on_event(written("alice", "Thanks"), noon + 2000);
  m.select(0);
  message_summary ours{numbered(2), false, noon + 1000, 0, protocol::priority::routine, "Ten", {}};
  ours.deliveries.push_back({"alice", delivery_state::decrypted, {}, {}, {}});
  m.set_written("alice", {ours});
  std::string all;
  for (const auto& u : m.conversation()) all += u.text + (u.is_ours ? "< " : "> ");
  CHECK(all == "Hello> Ten< Thanks> ");
  CHECK(m.conversation()[1].state == delivery_state::decrypted);
  m.select(1);  // what was written to alice is not bob's
  CHECK(m.conversation().size() == 1);
}

TEST_CASE("the board fills in as receipts come, for its own message alone") {
  model m;
  m.set_board(broadcast_to({"bob", "alice", "carol"}, delivery_state::sent));
  const auto state_of = [&](std::size_t i) { return m.broadcast()->recipients[i].state; };
  CHECK(m.broadcast()->recipients[0].patient == "alice");
  m.on_event(delivery_changed{numbered(9), "bob", delivery_state::decrypted, noon}, noon);
  m.on_event(delivery_changed{numbered(8), "alice", delivery_state::decrypted, noon}, noon);
  m.on_event(delivery_changed{numbered(9), "nobody", delivery_state::decrypted, noon}, noon);
  CHECK(m.broadcast()->decrypted() == 1);
  CHECK(state_of(1) == delivery_state::decrypted);
  m.on_event(delivery_changed{numbered(9), "bob", delivery_state::acknowledged, noon}, noon);
  CHECK(m.broadcast()->decrypted() == 1);
  CHECK(m.broadcast()->count(delivery_state::acknowledged) == 1);
  overdue late{numbered(9), protocol::priority::emergency, {"carol"}, 3, {"alice", "carol"}};
  CHECK(m.on_event(late, noon));
  CHECK_FALSE(m.broadcast()->recipients[0].is_overdue);
  CHECK(m.broadcast()->recipients[2].is_overdue);
}

TEST_CASE("an emergency of a patient rings, and nothing less") {
  model m;
  CHECK(m.on_event(written("a", "help", protocol::priority::emergency), noon));
  CHECK_FALSE(m.on_event(written("a", "soon", protocol::priority::urgent), noon));
  CHECK_FALSE(m.on_event(patient_disconnected{"a", "goodbye"}, noon));
}

TEST_CASE("blocked attempts stand until the doctor has looked") {
  model m;
  m.on_event(key_blocked{"mallory", {}, "10.0.0.9", noon}, noon);
  m.on_event(source_closed{"10.0.0.7", seconds(60)}, noon);
  CHECK(m.blocked() == std::vector<std::string>{"mallory at 10.0.0.9", "10.0.0.7"});
  m.forget_blocked();
  CHECK(m.blocked().empty());
}

TEST_CASE("nothing that is kept grows without bound") {
  auto m = with_ward({"a"}, {});
  for (std::size_t i = 0; i < 3000; ++i) {
    m.say(std::string(9'000, 'x'), cli::log_level::info);
    m.print("x\ny");
    m.on_event(source_closed{"10.0.0.7", seconds(60)}, noon);
  }
  for (std::size_t i = 0; i < 600; ++i) m.on_event(written("a", std::string(50'000, 'x')), noon);
  CHECK(m.notices().size() == model::max_notices);
  CHECK(m.notices()[0].text.size() < model::max_kept_text + 10);
  CHECK(m.desk().size() == model::max_desk_lines);
  CHECK(m.blocked().size() == 100);
  m.select(0);
  CHECK(m.conversation().size() == model::max_messages);
  CHECK(m.conversation()[0].text.size() < model::max_kept_text + 10);
}

TEST_CASE("the first patient is chosen first, whatever was shown before") {
  auto m = with_ward({"alice", "bob"}, {});
  m.print("x");
  m.show(panel::board);
  CHECK(m.selected() == nullptr);
  m.select(1);
  CHECK(m.selected()->id == "alice");
  auto other = with_ward({"alice", "bob"}, {});
  other.show_next_panel();
  CHECK(other.selected()->id == "alice");
}

TEST_CASE("what the menu prints is seen, line by line") {
  model m;
  m.show(panel::board);
  m.print("one\ntwo\n");
  m.print("");
  CHECK(m.shown() == panel::desk);
  CHECK(std::vector<std::string>(m.desk().begin(), m.desk().end()) ==
        std::vector<std::string>{"one", "two", ""});
  m.scroll(5);
  CHECK(m.scrolled() == 5);
  m.limit_scrolling(9);
  CHECK(m.scrolled() == 5);
  m.limit_scrolling(4);
  CHECK(m.scrolled() == 4);
  m.scroll(-9);
  CHECK(m.scrolled() == 0);
}

}  // namespace wardline::doctor::console
