// Corrections and cancellations at the patient's end: in the records, in a session, on the screen.
#include <array>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "patient/event_words.hpp"
#include "patient/json_console.hpp"
#include "patient/menu_console.hpp"
#include "tests/patient/scripted_doctor.hpp"
#include "tests/support/thrown.hpp"

using namespace wardline;
using namespace wardline::test;
using patient::message_received;
using protocol::content_type;

namespace {

constexpr auto correction = content_type::correction;
constexpr auto cancellation = content_type::cancellation;

protocol::content original() { return make_text(1, "take ten", 1'000); }
protocol::content corrected() { return make_amendment(2, correction, 1, "take two", 2'000); }
protocol::content corrected_again() { return make_amendment(3, correction, 1, "take one", 3'000); }
protocol::content cancelled() { return make_amendment(4, cancellation, 1, "wrong ward", 4'000); }

// A session in which the doctor says these, one after the other.
struct told {
  explicit told(const std::vector<protocol::content>& messages) {
    doctor.sign_in();
    for (const auto& m : messages) doctor.say_directly(m);
  }

  std::vector<message_received> shown() const { return doctor.console.all<message_received>(); }
  std::string words(std::size_t i) const { return patient::words_for(shown().at(i)); }
  patient::inbox_message kept(byte id) {
    return doctor.kept.inbox.find("dr-lee", make_id(id)).value();
  }

  scripted_doctor doctor;
};

nlohmann::json as_json(const patient::event& e) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  { patient::json_console(ends[1]).show(e); }
  std::array<char, 4096> out{};
  const auto size = ::read(ends[0], out.data(), out.size());
  ::close(ends[0]);
  ::close(ends[1]);
  REQUIRE(size > 0);
  return nlohmann::json::parse(out.data(), out.data() + size);
}

}  // namespace

TEST_CASE("a correction is kept, receipted and shown with what it takes the place of") {
  told t({original(), corrected()});
  CHECK(t.doctor.receipts_for(corrected()) == 1);
  REQUIRE(t.shown().size() == 2);
  const auto words = t.words(1);
  CHECK(contains(words, "CORRECTION of the message of "));
  CHECK(words.find("take two") < words.find("this no longer holds"));
  CHECK(words.find("this no longer holds") < words.find("take ten"));
  CHECK(t.kept(1).at.corrected_by == make_id(2));
  CHECK_FALSE(t.kept(1).at.holds());
  CHECK_FALSE(t.kept(1).at.came_late);
  CHECK(t.kept(2).at.holds());

  const auto event = as_json(t.shown().at(1));
  CHECK(event.at("type") == "correction");
  CHECK(event.at("corrects") == "01000000000000000000000000000000");
  CHECK(event.at("text") == "take two");
  CHECK(event.at("original_known") == true);
  CHECK_FALSE(event.contains("body"));
  CHECK_FALSE(event.contains("cancels"));
}

TEST_CASE("a cancellation is kept, receipted and shown with what it cancels") {
  told t({original(), cancelled()});
  CHECK(t.doctor.receipts_for(cancelled()) == 1);
  const auto words = t.words(1);
  CHECK(contains(words, "CANCELLED: the message of "));
  CHECK(contains(words, "wrong ward"));
  CHECK(contains(words, "take ten"));
  CHECK(t.kept(1).at.cancelled_by == make_id(4));
  const auto event = as_json(t.shown().at(1));
  CHECK(event.at("type") == "cancellation");
  CHECK(event.at("cancels") == "01000000000000000000000000000000");
  CHECK_FALSE(event.contains("corrects"));
}

TEST_CASE("an amendment that comes twice, in whatever session, is shown once") {
  told t({original(), corrected(), corrected()});
  t.doctor.sign_in();
  t.doctor.say_directly(corrected());
  CHECK(t.doctor.receipts_for(corrected()) == 1);
  CHECK(t.shown().size() == 2);
}

TEST_CASE("an amendment of what was never received says so, and a cancellation without alarm") {
  auto urgent = cancelled();
  urgent.priority = protocol::priority::emergency;
  told t({corrected(), urgent});
  CHECK(contains(t.words(0), "CORRECTION of a message that was never received here"));
  CHECK(contains(t.words(0), "take two"));
  CHECK(as_json(t.shown().at(0)).at("original_known") == false);
  // The correction was here, so something is cancelled.
  CHECK(contains(t.words(1), "EMERGENCY"));

  told unknown({urgent});
  CHECK(contains(unknown.words(0), "cancelled a message that was never received here"));
  CHECK_FALSE(contains(unknown.words(0), "EMERGENCY"));
}

TEST_CASE("an original that comes after its cancellation is kept and receipted, but not shown") {
  auto late = original();
  late.priority = protocol::priority::emergency;
  told t({cancelled(), late});
  CHECK(t.doctor.receipts_for(late) == 1);
  CHECK(t.kept(1).content.body == late.body);
  CHECK(t.kept(1).at.came_late);
  CHECK_FALSE(contains(t.words(1), "take ten"));
  CHECK_FALSE(contains(t.words(1), "EMERGENCY"));
  CHECK(contains(t.words(1), "the doctor has cancelled it already"));
  const auto event = as_json(t.shown().at(1));
  CHECK(event.at("text") == "");
  CHECK(event.at("cancelled_by") == "04000000000000000000000000000000");
}

TEST_CASE("an original or a correction that comes after a later correction is not shown") {
  told t({corrected_again(), original(), corrected()});
  REQUIRE(t.shown().size() == 3);
  CHECK_FALSE(contains(t.words(1), "take ten"));
  CHECK_FALSE(contains(t.words(2), "take two"));
  for (const byte id : {byte{1}, byte{2}}) {
    CHECK(t.kept(id).at.came_late);
    CHECK(t.kept(id).at.corrected_by == make_id(3));
  }
  CHECK(t.kept(3).at.holds());
}

TEST_CASE("each correction speaks of the version before it, and a cancellation of the last") {
  told t({original(), corrected(), corrected_again(), cancelled()});
  CHECK(contains(t.words(1), "take ten"));
  CHECK(contains(t.words(2), "take two"));
  CHECK_FALSE(contains(t.words(2), "take ten"));
  CHECK(contains(t.words(3), "take one"));
  for (const byte id : {byte{1}, byte{2}, byte{3}}) CHECK(t.kept(id).at.cancelled_by == make_id(4));
  CHECK(t.kept(1).at.corrected_by == make_id(3));
  CHECK(t.kept(4).at.holds());
}

TEST_CASE("another doctor's amendment does not touch a message") {
  told t({original()});
  const auto other = make_doctor(2, "dr-who");
  REQUIRE(t.doctor.kept.doctors.pin(other.public_part(), 10).has_value());
  REQUIRE(t.doctor.kept.inbox.keep("dr-who", cancelled(), protocol::encode(cancelled()), true, 50)
              .value());
  CHECK(t.kept(1).at.holds());
}

TEST_CASE("a broadcast is corrected by a broadcast, and by one that is redelivered") {
  scripted_doctor doctor;
  doctor.sign_in();
  doctor.give(doctor.make_broadcast(original()).frame);
  const auto b = doctor.make_broadcast(corrected());
  SECTION("as it is") { doctor.give(b.frame); }
  SECTION("redelivered") { doctor.say_directly(scripted_doctor::as_redelivery(b.content)); }
  CHECK(doctor.receipts_for(corrected()) == 1);
  const auto shown = doctor.console.all<message_received>();
  REQUIRE(shown.size() == 2);
  CHECK(shown[1].message.is_broadcast);
  CHECK(shown[1].message.at.before->body == original().body);
}

TEST_CASE("a malformed amendment is dropped without a receipt, like any message") {
  scripted_doctor doctor;
  doctor.sign_in();
  auto bad = corrected();
  bad.body.resize(15);
  doctor.say_directly(bad);
  CHECK(doctor.all(protocol::frame_type::receipt).empty());
  CHECK(doctor.console.all<message_received>().empty());
  CHECK(doctor.console.all<patient::problem>().at(0).error == errc::invalid_encoding);
}

TEST_CASE("the inbox says of each message whether it holds") {
  told t({original(), corrected(), cancelled(), make_text(9, "see you"),
          make_amendment(8, cancellation, 7, ""), make_text(7, "never to be seen")});
  recording_screen out(false);
  recording_commands to;
  to.messages = t.doctor.kept.inbox.recent("dr-lee", 10);
  patient::menu_console menu(out, "alice", t.doctor.time);
  menu.on_line("4", to);
  CHECK(contains(out.printed, "read, CANCELLED"));
  CHECK(contains(out.printed, "[no longer holds] take ten"));
  CHECK(contains(out.printed, "[cancellation of "));
  CHECK(contains(out.printed, "see you"));
  CHECK_FALSE(contains(out.printed, "never to be seen"));
}

TEST_CASE("what an amendment says cannot command the terminal or pretend to be ours") {
  told t({make_text(1, "one\n*** two"), make_amendment(2, correction, 1, "\x1b[2J\n*** three"),
          make_amendment(4, cancellation, 1, "\x1b]0;x\x07\n*** four", 4'000)});
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_FALSE(contains(t.words(i), "\x1b"));
    CHECK_FALSE(contains(t.words(i), "\n***"));
  }
}
